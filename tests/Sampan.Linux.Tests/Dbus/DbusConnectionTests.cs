using System.Diagnostics;
using Sampan.Linux.Dbus;

namespace Sampan.Linux.Tests.Dbus;

/// <summary>The distribution's message bus: it disconnects whoever sends what is not a message.</summary>
public sealed class DbusConnectionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-dbus-").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    [Fact]
    public void TheBusAnswersAndPassesSignalsOn()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dbus-daemon"), "no dbus-daemon");
        var socket = Path.Join(_directory, "bus");
        using var bus = Process.Start("/usr/bin/dbus-daemon", ["--session", "--nofork", "--nopidfile", "--nosyslog", $"--address=unix:path={socket}"]);
        try
        {
            DbusConnection? connection = null;
            SpinWait.SpinUntil(() => (connection = DbusConnection.TryConnect(socket, true)) is not null, 10_000).ShouldBeTrue();
            using var listener = connection!;
            listener.AddMatch("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.sampan.Test'");
            Should.Throw<SampanException>(() => listener.AddMatch("nonsense")).Message.ShouldContain("MatchRuleInvalid");
            using var owner = DbusConnection.TryConnect(socket, true).ShouldNotBeNull();
            var body = new DbusWriter();
            body.WriteString("org.sampan.Test");
            body.WriteUInt32(0);
            var reply = owner.Call(Call("RequestName", "su", body.ToArray()));
            reply.Type.ShouldBe(DbusMessageType.Reply);
            new DbusReader(reply.Body).ReadUInt32().ShouldBe(1U);
            DbusMessage signal;
            do
            {
                signal = listener.NextSignal(DbusConnection.Deadline(10_000), "the new name");
            }
            while (signal.Member != "NameOwnerChanged");
            new DbusReader(signal.Body).ReadString().ShouldBe("org.sampan.Test");
            owner.Call(Call("NoSuchMethod", "", [])).ErrorName.ShouldBe("org.freedesktop.DBus.Error.UnknownMethod");
            Should.Throw<SampanException>(() => listener.NextSignal(DbusConnection.Deadline(20), "nothing")).Kind.ShouldBe(ErrorKind.Unavailable);
        }
        finally
        {
            bus.Kill();
            bus.WaitForExit(10_000).ShouldBeTrue();
        }
    }

    [Fact]
    public void WhereNobodyListensThereIsNoConnection()
    {
        DbusConnection.TryConnect(Path.Join(_directory, "none"), true).ShouldBeNull();
        DbusConnection.TryConnect(Path.Join(_directory, "no-directory", "none"), false).ShouldBeNull();
    }

    private static DbusMessage Call(string member, string signature, byte[] body) => new()
    {
        Type = DbusMessageType.Call,
        Path = "/org/freedesktop/DBus",
        Interface = "org.freedesktop.DBus",
        Member = member,
        Destination = "org.freedesktop.DBus",
        Signature = signature,
        Body = body,
    };
}
