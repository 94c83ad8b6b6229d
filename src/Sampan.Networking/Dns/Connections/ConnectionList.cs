using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns.Forwarding;

namespace Sampan.Networking.Dns.Connections;

/// <summary>Those who came by TCP: a bounded number, who may not idle for long. More wait in the kernel until there is room.</summary>
internal sealed class ConnectionList : IEventHandler
{
    // Room is made by closing who has been idle for so long; and after so long it is tried again where there was none.
    private const int ShortIdleMilliseconds = 1000;

    private readonly FileDescriptor _listener;
    private readonly DeadlineTimer _timer;
    private readonly Forwarder _forwarder;
    private readonly List<NameConnection> _connections = [];
    private long _resumeAt = long.MaxValue;

    /// <param name="loop">Who tells of events.</param>
    /// <param name="timer">Who tells of the time.</param>
    /// <param name="listener">The socket that listens; stays the caller's.</param>
    /// <param name="responder">Who answers.</param>
    /// <param name="forwarder">Who lets other servers answer.</param>
    /// <param name="limits">How many, and how long.</param>
    /// <exception cref="LinuxException">The listener cannot be watched.</exception>
    public ConnectionList(EventLoop loop, DeadlineTimer timer, FileDescriptor listener, NameResponder responder, Forwarder forwarder, NameServerLimits limits)
    {
        Loop = loop;
        Responder = responder;
        Limits = limits;
        _timer = timer;
        _listener = listener;
        _forwarder = forwarder;
        loop.Add(listener.Number, EpollEvents.Readable, this);
    }

    public EventLoop Loop { get; }

    public NameResponder Responder { get; }

    public NameServerLimits Limits { get; }

    public Span<byte> Scratch => _forwarder.Scratch;

    public int Count => _connections.Count;

    private bool IsPaused => _resumeAt != long.MaxValue;

    public void OnReady(int descriptor, EpollEvents events)
    {
        // Somebody waits, so room is made for him; for one at a time, since nobody may wait after him.
        if (_connections.Count >= Limits.Connections && !TryMakeRoom())
        {
            Pause();
            return;
        }

        var socket = StreamListener.TryAccept(_listener, out var problem);
        if (socket is not null)
        {
            Add(socket);
        }
        else if (problem is not null)
        {
            // No descriptor is to be had: the listener would tell of the same connection for ever.
            Pause();
        }
    }

    /// <summary>A connection has until then to do something.</summary>
    public void ExpectActivity(NameConnection connection) => _timer.Expect(connection.LastActive + Limits.IdleMilliseconds);

    /// <summary>A connection is closed.</summary>
    public void Forget(NameConnection connection)
    {
        _connections.Remove(connection);
        _forwarder.Forget(connection);
        Resume();
    }

    /// <summary>Closes who has been idle for too long.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When that is to be looked at again.</returns>
    public long Sweep(long now)
    {
        if (now >= _resumeAt)
        {
            Resume();
        }

        var next = _resumeAt;
        for (var index = _connections.Count - 1; index >= 0; index--)
        {
            var connection = _connections[index];
            if (!connection.IsIdle)
            {
                continue;
            }

            var due = connection.LastActive + Limits.IdleMilliseconds;
            if (due <= now)
            {
                connection.Close();
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        return next;
    }

    /// <summary>Closes all, and listens no more.</summary>
    public void Close()
    {
        if (!IsPaused)
        {
            Loop.Remove(_listener.Number);
        }

        // Whoever is closed makes room, but nobody shall come in.
        _resumeAt = long.MaxValue;
        for (var index = _connections.Count - 1; index >= 0; index--)
        {
            _connections[index].Close();
        }
    }

    private void Add(FileDescriptor socket)
    {
        try
        {
            _connections.Add(new(this, socket));
        }
        catch (LinuxException)
        {
            // It cannot be watched (max_user_watches): it is as if there were no room.
            socket.Dispose();
        }
    }

    private bool TryMakeRoom()
    {
        NameConnection? longest = null;
        foreach (var connection in _connections)
        {
            if (connection.IsIdle && (longest is null || connection.LastActive < longest.LastActive))
            {
                longest = connection;
            }
        }

        if (longest is null || Environment.TickCount64 - longest.LastActive < ShortIdleMilliseconds)
        {
            return false;
        }

        longest.Close();
        return true;
    }

    private void Pause()
    {
        Loop.Remove(_listener.Number);
        _resumeAt = Environment.TickCount64 + ShortIdleMilliseconds;
        _timer.Expect(_resumeAt);
    }

    private void Resume()
    {
        if (IsPaused)
        {
            _resumeAt = long.MaxValue;
            Loop.Add(_listener.Number, EpollEvents.Readable, this);
        }
    }
}
