using System.Globalization;
using Sampan.Linux.Dbus;

namespace Sampan.Linux.Systemd;

/// <summary>systemd's manager object (org.freedesktop.systemd1(5)): transient scopes and their properties.</summary>
public sealed class SystemdClient : IDisposable
{
    private const string Service = "org.freedesktop.systemd1";
    private const string Object = "/org/freedesktop/systemd1";
    private const string Manager = Service + ".Manager";
    private const string NoSuchUnit = Service + ".NoSuchUnit";
    private const int Patience = 30_000;

    private readonly DbusConnection _connection;
    private string? _controlGroup;
    private int _version = -1;

    /// <summary>Takes over a connection and asks for news of jobs.</summary>
    /// <param name="connection">To systemd itself, or to the bus it is on.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: systemd does not answer or refuses.</exception>
    public SystemdClient(DbusConnection connection)
    {
        _connection = connection;
        connection.AddMatch($"type='signal',sender='{Service}',path='{Object}',interface='{Manager}',member='JobRemoved'");
        Expect(Call("Subscribe", "", _ => { }), "Subscribe", "");
    }

    /// <summary>systemd's version, such as 252; 0 when its text has no number.</summary>
    public int Version
    {
        get
        {
            if (_version < 0)
            {
                _version = ReadVersion();
            }

            return _version;
        }
    }

    /// <summary>The group all of its units are in, without a slash at its end; empty is the root.</summary>
    public string ControlGroup => _controlGroup ??= ReadText("ControlGroup").TrimEnd('/');

    /// <summary>Connects to the system's systemd: to itself, as root may, else over the system bus.</summary>
    /// <returns>The client.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: systemd does not run here.</exception>
    public static SystemdClient Connect() => Over(
        Try("/run/systemd/private", false)
            ?? Try("/run/dbus/system_bus_socket", true)
            ?? throw SampanException.Unavailable(
                "systemd cgroup driver: systemd does not run here (no /run/systemd/private, no system bus): leave out --systemd-cgroup"));

    /// <summary>Connects to the calling user's own service manager (user@.service(5)).</summary>
    /// <returns>The client.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: there is none.</exception>
    public static SystemdClient ConnectUser()
    {
        var directory = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return Over(
            (string.IsNullOrEmpty(directory) ? null : Try($"{directory}/systemd/private", false) ?? Try($"{directory}/bus", true))
                ?? throw SampanException.Unavailable(
                    $"systemd cgroup driver: this user has no service manager (XDG_RUNTIME_DIR is \"{directory}\"): log in with a session, or leave out --systemd-cgroup"));
    }

    /// <summary>Starts a transient unit and waits until its job is done. A failed unit of the same name makes room first.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="properties">Its properties.</param>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.Conflict"/>: a unit of this name lives; <see cref="ErrorKind.Unavailable"/>: systemd refuses or its job fails.
    /// </exception>
    public void StartTransientUnit(string unit, IReadOnlyList<UnitProperty> properties)
    {
        void Body(DbusWriter body)
        {
            body.WriteString(unit);
            body.WriteString("replace");
            Write(body, properties);
            body.EndArray(body.BeginArray(8));
        }

        var reply = Call("StartTransientUnit", "ssa(sv)a(sa(sv))", Body);
        if (reply.ErrorName == Service + ".UnitExists")
        {
            ResetFailedUnit(unit);
            reply = Call("StartTransientUnit", "ssa(sv)a(sa(sv))", Body);
        }

        if (reply.ErrorName == Service + ".UnitExists")
        {
            throw SampanException.Conflict($"systemd unit {unit} exists and runs: stop it, or choose another id");
        }

        Expect(reply, "start", unit);
        var result = AwaitJob(reply, unit);
        if (result != "done")
        {
            ResetFailedUnit(unit);
            throw SampanException.Unavailable($"error creating systemd unit `{unit}`: got `{result}`: see journalctl -u {unit}");
        }
    }

    /// <summary>Stops a unit and waits until its job is done. One that is not there is stopped.</summary>
    /// <param name="unit">Its name.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: systemd refuses or does not get done.</exception>
    public void StopUnit(string unit)
    {
        var reply = Call("StopUnit", "ss", body =>
        {
            body.WriteString(unit);
            body.WriteString("replace");
        });
        if (reply.ErrorName != NoSuchUnit)
        {
            Expect(reply, "stop", unit);

            // Whatever the job's result: what counts is that the unit is gone or may be reset.
            _ = AwaitJob(reply, unit);
        }

        ResetFailedUnit(unit);
    }

    /// <summary>Lets systemd forget a unit that has failed. One that has not, or is not there, stays as it is.</summary>
    /// <param name="unit">Its name.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: systemd refuses.</exception>
    public void ResetFailedUnit(string unit)
    {
        var reply = Call("ResetFailedUnit", "s", body => body.WriteString(unit));
        if (reply.ErrorName != NoSuchUnit)
        {
            Expect(reply, "reset", unit);
        }
    }

    /// <summary>Changes properties of a unit until the next boot.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="properties">What to change.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: no such unit; <see cref="ErrorKind.Unavailable"/>: systemd refuses.</exception>
    public void SetUnitProperties(string unit, IReadOnlyList<UnitProperty> properties)
    {
        if (properties.Count > 0)
        {
            var reply = Call("SetUnitProperties", "sba(sv)", body =>
            {
                body.WriteString(unit);
                body.WriteBoolean(true);
                Write(body, properties);
            });
            Expect(reply, "set properties of", unit);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    // A socket that belongs to somebody else is as good as none.
    private static DbusConnection? Try(string path, bool bus)
    {
        try
        {
            return DbusConnection.TryConnect(path, bus);
        }
        catch (LinuxException error) when (error.Errno is Errno.EACCES or Errno.EPERM)
        {
            return null;
        }
    }

    private static SystemdClient Over(DbusConnection connection)
    {
        try
        {
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Write(DbusWriter body, IReadOnlyList<UnitProperty> properties)
    {
        var array = body.BeginArray(8);
        for (var index = 0; index < properties.Count; index++)
        {
            properties[index].Write(body);
        }

        body.EndArray(array);
    }

    private static void Expect(DbusMessage reply, string operation, string unit)
    {
        if (reply.Type != DbusMessageType.Error)
        {
            return;
        }

        var message = $"systemd refuses to {operation} {unit}: {reply.Text} ({reply.ErrorName})";
        throw reply.ErrorName == NoSuchUnit ? SampanException.NotFound(message) : SampanException.Unavailable(message);
    }

    private DbusMessage Call(string member, string signature, Action<DbusWriter> write, string @interface = Manager)
    {
        var body = new DbusWriter();
        write(body);
        return _connection.Call(
            new()
            {
                Type = DbusMessageType.Call,
                Path = Object,
                Interface = @interface,
                Member = member,
                Destination = Service,
                Signature = signature,
                Body = body.ToArray(),
            },
            Patience);
    }

    // JobRemoved (u id, o job, s unit, s result): done, canceled, timeout, failed, dependency or skipped.
    private string AwaitJob(DbusMessage reply, string unit)
    {
        var job = new DbusReader(reply.Body).ReadString();
        var deadline = DbusConnection.Deadline(Patience);
        while (true)
        {
            var signal = _connection.NextSignal(deadline, $"the job of {unit}");
            if (signal is { Interface: Manager, Member: "JobRemoved", Signature: "uoss" })
            {
                var body = new DbusReader(signal.Body);
                body.ReadUInt32();
                if (body.ReadString() == job)
                {
                    body.ReadString();
                    return body.ReadString();
                }
            }
        }
    }

    private int ReadVersion()
    {
        // "252.38-1~deb12u1", on old ones "systemd 219".
        var text = ReadText("Version");
        var start = text.AsSpan().IndexOfAnyInRange('0', '9');
        var digits = start < 0 ? default : text.AsSpan(start);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // Get (s interface, s name) → v.
    private string ReadText(string property)
    {
        var reply = Call(
            "Get",
            "ss",
            body =>
            {
                body.WriteString(Manager);
                body.WriteString(property);
            },
            "org.freedesktop.DBus.Properties");
        Expect(reply, "tell its", property);
        var value = new DbusReader(reply.Body);
        return value.ReadSignature() == "s" ? value.ReadString() : "";
    }
}
