using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;

namespace Sampan.Networking.Relays;

/// <summary>
/// Carries what comes to sockets of this host on to others, in both directions, on an event loop: what the packet filter cannot send on. It holds
/// nothing of what it carries: a stream's bytes stay in the kernel until the other side takes them, and a datagram that nobody takes is lost.
/// </summary>
public sealed class PortRelay : IDisposable
{
    private const int ScratchLength = 1 << 16;

    private readonly AnonymousMemory _scratch = new(ScratchLength);
    private readonly List<StreamDoor> _streams = [];
    private readonly List<DatagramDoor> _datagrams = [];
    private readonly List<RelayedConnection> _connections = [];
    private readonly DeadlineTimer _timer;
    private long _resumeAt = long.MaxValue;

    /// <summary>Makes one that carries nothing yet.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="limits">How much; null for what is usual.</param>
    /// <exception cref="LinuxException">No memory, or no descriptor, is to be had.</exception>
    public PortRelay(EventLoop loop, RelayLimits? limits = null)
    {
        Loop = loop;
        Limits = limits ?? new();
        _timer = new(loop, Sweep);
    }

    internal EventLoop Loop { get; }

    internal RelayLimits Limits { get; }

    internal Span<byte> Scratch => _scratch.Span;

    /// <summary>Connections that are carried.</summary>
    internal int Connections => _connections.Count;

    /// <summary>Senders of datagrams that are remembered.</summary>
    internal int Senders { get; private set; }

    private bool IsPaused => _resumeAt != long.MaxValue;

    /// <summary>Carries what comes to a socket from now on.</summary>
    /// <param name="socket">From <see cref="StreamListener.Listen"/> or <see cref="DatagramSocket.Bind"/>; stays the caller's, who removes it before he closes it.</param>
    /// <param name="isStream">Whether it listens.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="LinuxException">It cannot be watched.</exception>
    public void Add(FileDescriptor socket, bool isStream, PeerAddress target)
    {
        if (isStream)
        {
            var door = new StreamDoor(this, socket, target);
            _streams.Add(door);
            if (!IsPaused)
            {
                door.Open();
            }
        }
        else
        {
            _datagrams.Add(new(this, socket, target));
        }
    }

    /// <summary>Takes nothing new from a socket. Connections that are carried go on; answers to datagrams have nowhere to leave from.</summary>
    /// <param name="socket">One that was added; another is no error.</param>
    public void Remove(FileDescriptor socket)
    {
        foreach (var door in _streams.FindAll(door => door.Socket == socket))
        {
            // Who has connected is carried, even if nobody has had the time to see him.
            door.OnReady(socket.Number, EpollEvents.Readable);
            door.Close();
            _streams.Remove(door);
        }

        foreach (var door in _datagrams.FindAll(door => door.Socket == socket))
        {
            door.Close();
            _datagrams.Remove(door);
        }
    }

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim() => _scratch.Discard();

    /// <summary>Ends all that is carried.</summary>
    public void Dispose()
    {
        if (!IsPaused)
        {
            _streams.ForEach(static door => door.Close());
        }

        // Whoever ends makes room, but nobody shall come in.
        _streams.Clear();
        for (var index = _connections.Count - 1; index >= 0; index--)
        {
            _connections[index].Abort();
        }

        _datagrams.ForEach(static door => door.Close());
        _datagrams.Clear();
        _timer.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Whether another connection may be accepted; where not, nobody is told of those that wait until there is room.</summary>
    internal bool HasRoom()
    {
        if (Connections < Limits.Connections)
        {
            return true;
        }

        Pause();
        return false;
    }

    /// <summary>Accepts nothing for a while: a listener would tell of the same connection for ever.</summary>
    internal void Pause()
    {
        if (!IsPaused)
        {
            _streams.ForEach(static door => door.Close());
        }

        _resumeAt = Environment.TickCount64 + Limits.ShortMilliseconds;
        _timer.Expect(_resumeAt);
    }

    internal void Remember(RelayedConnection connection) => _connections.Add(connection);

    internal void Forget(RelayedConnection connection)
    {
        _connections.Remove(connection);
        Resume();
    }

    internal void OnSender(int change) => Senders += change;

    /// <summary>Makes room for another sender, if one has been silent for a while.</summary>
    internal bool TryMakeRoom()
    {
        if (Senders < Limits.Senders)
        {
            return true;
        }

        RelayedSender? longest = null;
        foreach (var door in _datagrams)
        {
            longest = door.Silent(longest);
        }

        if (longest is null || Environment.TickCount64 - longest.LastActive < Limits.ShortMilliseconds)
        {
            return false;
        }

        longest.Close();
        return true;
    }

    internal void Expect(long deadline) => _timer.Expect(deadline);

    private void Resume()
    {
        if (IsPaused)
        {
            _resumeAt = long.MaxValue;
            _streams.ForEach(static door => door.Open());
        }
    }

    private long Sweep()
    {
        var now = Environment.TickCount64;
        if (now >= _resumeAt)
        {
            Resume();
        }

        var next = _resumeAt;
        foreach (var door in _datagrams)
        {
            next = Math.Min(next, door.Sweep(now));
        }

        return next;
    }
}
