using System.Globalization;
using System.Text;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Sockets;

namespace Sampan.Linux.Dbus;

/// <summary>
/// A connection to a message bus or to one peer over a unix socket: blocking calls with a deadline, and signals kept until they are asked
/// for. As much of D-Bus as it takes to talk to systemd.
/// </summary>
public sealed class DbusConnection : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";

    private readonly FileDescriptor _socket;
    private readonly Queue<DbusMessage> _signals = new();
    private readonly string _path;
    private byte[] _input = new byte[4096];
    private int _length;
    private uint _serial;

    private DbusConnection(FileDescriptor socket, string path)
    {
        _socket = socket;
        _path = path;
    }

    /// <summary>Whether messages go through a bus and so need a destination.</summary>
    public bool IsBus { get; private init; }

    /// <summary>Connects as the calling user (mechanism EXTERNAL: the kernel vouches for the uid).</summary>
    /// <param name="path">The socket.</param>
    /// <param name="bus">Whether a bus listens there, else a single peer.</param>
    /// <param name="milliseconds">How long the peer may take.</param>
    /// <returns>The connection; null when nobody listens.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the peer does not let this user in, or does not answer.</exception>
    /// <exception cref="LinuxException">connect(2) failed otherwise.</exception>
    public static DbusConnection? TryConnect(string path, bool bus, int milliseconds = 30_000)
    {
        using var directory = FileDescriptor.TryOpen(Path.GetDirectoryName(path) ?? "/", OpenFlags.Path | OpenFlags.Directory);
        var socket = directory is null ? null : UnixSocket.TryConnect(directory, Path.GetFileName(path));
        if (socket is null)
        {
            return null;
        }

        var connection = new DbusConnection(socket, path) { IsBus = bus };
        try
        {
            socket.SetNonBlocking();
            connection.Authenticate(Deadline(milliseconds));
            if (bus)
            {
                connection.Expect(new() { Type = DbusMessageType.Call, Path = "/org/freedesktop/DBus", Interface = Bus, Member = "Hello", Destination = Bus }, milliseconds);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks the bus for signals; without a bus all come.</summary>
    /// <param name="rule">A match rule (D-Bus Specification, "Match Rules").</param>
    /// <exception cref="SampanException">As <see cref="Call"/>, or the bus refuses.</exception>
    public void AddMatch(string rule)
    {
        if (!IsBus)
        {
            return;
        }

        var body = new DbusWriter();
        body.WriteString(rule);
        Expect(
            new()
            {
                Type = DbusMessageType.Call,
                Path = "/org/freedesktop/DBus",
                Interface = Bus,
                Member = "AddMatch",
                Destination = Bus,
                Signature = "s",
                Body = body.ToArray(),
            },
            30_000);
    }

    /// <summary>Calls a method and waits for what comes back.</summary>
    /// <param name="call">The call; its serial is given here.</param>
    /// <param name="milliseconds">How long to wait.</param>
    /// <returns>The reply, or the error the peer sent.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: no answer in time, or the peer has gone.</exception>
    public DbusMessage Call(DbusMessage call, int milliseconds = 30_000)
    {
        var deadline = Deadline(milliseconds);
        call = call with { Serial = ++_serial, Destination = IsBus ? call.Destination : "" };
        Send(call.ToBytes(), deadline);
        while (true)
        {
            var message = Receive(deadline, call.Member);
            if (message.Type == DbusMessageType.Signal)
            {
                _signals.Enqueue(message);
            }
            else if (message.Type is DbusMessageType.Reply or DbusMessageType.Error && message.ReplySerial == call.Serial)
            {
                return message;
            }
        }
    }

    /// <summary>Takes the next signal, one that came during a call first.</summary>
    /// <param name="deadline">CLOCK_MONOTONIC milliseconds at which to give up.</param>
    /// <param name="awaited">What is waited for, for the message.</param>
    /// <returns>The signal.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: none in time, or the peer has gone.</exception>
    public DbusMessage NextSignal(long deadline, string awaited)
    {
        if (_signals.TryDequeue(out var queued))
        {
            return queued;
        }

        while (true)
        {
            var message = Receive(deadline, awaited);
            if (message.Type == DbusMessageType.Signal)
            {
                return message;
            }
        }
    }

    /// <summary>A moment from now.</summary>
    /// <param name="milliseconds">How far away.</param>
    /// <returns>CLOCK_MONOTONIC milliseconds.</returns>
    public static long Deadline(int milliseconds) => Cgroups.CgroupDirectory.Now() + milliseconds;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Expect(DbusMessage call, int milliseconds)
    {
        var reply = Call(call, milliseconds);
        if (reply.Type == DbusMessageType.Error)
        {
            throw SampanException.Unavailable($"the message bus at {_path} refuses {call.Member}: {reply.Text} ({reply.ErrorName})");
        }
    }

    // A NUL byte carries the credentials, then lines of text (D-Bus Specification, "Authentication Protocol"). BEGIN is not held back until
    // the answer: a message that reaches systemd in one read with BEGIN lies in its buffer until another one comes.
    private void Authenticate(long deadline)
    {
        var uid = Kernel.Call(SystemCall.Getuid).ToString(CultureInfo.InvariantCulture);
        Send(Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {Convert.ToHexString(Encoding.ASCII.GetBytes(uid))}\r\nBEGIN\r\n"), deadline);
        int end;
        while ((end = _input.AsSpan(0, _length).IndexOf("\r\n"u8)) < 0)
        {
            Fill(deadline, "authentication");
        }

        var line = Encoding.ASCII.GetString(_input, 0, end);
        Consume(end + 2);
        if (!line.StartsWith("OK ", StringComparison.Ordinal))
        {
            throw SampanException.Unavailable($"{_path} does not let uid {uid} in: {line}");
        }
    }

    private void Send(ReadOnlySpan<byte> bytes, long deadline)
    {
        while (!bytes.IsEmpty)
        {
            var sent = UnixSocket.TrySend(_socket, bytes);
            if (sent == -(int)Errno.EAGAIN)
            {
                Await(EpollEvents.Writable, deadline, "room to write");
            }
            else if (sent < 0)
            {
                throw Gone(new LinuxException((Errno)(-sent), "send to", _path));
            }
            else
            {
                bytes = bytes[sent..];
            }
        }
    }

    private DbusMessage Receive(long deadline, string awaited)
    {
        while (_length < 16 || _length < DbusMessage.LengthOf(_input.AsSpan(0, 16)))
        {
            Fill(deadline, awaited);
        }

        var length = DbusMessage.LengthOf(_input.AsSpan(0, 16));
        var message = DbusMessage.Parse(_input.AsSpan(0, length));
        Consume(length);
        return message;
    }

    private void Fill(long deadline, string awaited)
    {
        if (_length == _input.Length)
        {
            Array.Resize(ref _input, _input.Length * 2);
        }

        var count = _socket.TryRead(_input.AsSpan(_length));
        switch (count)
        {
            case -(int)Errno.EAGAIN:
                Await(EpollEvents.Readable, deadline, awaited);
                break;
            case 0:
                throw Gone(null);
            case < 0:
                throw Gone(new LinuxException((Errno)(-count), "read", _path));
            default:
                _length += count;
                break;
        }
    }

    private void Await(EpollEvents events, long deadline, string awaited)
    {
        var remaining = deadline - Cgroups.CgroupDirectory.Now();
        if (remaining <= 0 || !Poll.Wait(_socket.Number, events, (int)Math.Min(remaining, int.MaxValue)))
        {
            throw SampanException.Unavailable($"no answer from {_path} in time ({awaited})");
        }
    }

    private void Consume(int count)
    {
        _input.AsSpan(count, _length - count).CopyTo(_input);
        _length -= count;
    }

    private SampanException Gone(LinuxException? inner) => new(ErrorKind.Unavailable, $"the peer at {_path} has closed the connection", inner);
}
