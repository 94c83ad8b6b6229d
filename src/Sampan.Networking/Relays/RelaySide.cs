using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Networking.Relays;

/// <summary>One of the two ends of a connection that is carried.</summary>
/// <param name="loop">Who tells of its events.</param>
/// <param name="socket">The socket, non-blocking; becomes this one's.</param>
internal sealed class RelaySide(EventLoop loop, FileDescriptor socket)
{
    private EpollEvents _watched;
    private bool _isWatched;

    public FileDescriptor Socket => socket;

    /// <summary>All it had to say was carried.</summary>
    public bool HasEnded { get; set; }

    /// <summary>It has said more than the other side takes for now.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Nothing is expected of it: that it tells of itself means that it is broken.</summary>
    public bool IsQuiet => _watched == EpollEvents.None;

    /// <summary>Waits for what this end can do next.</summary>
    /// <param name="other">The other end.</param>
    /// <param name="handler">Who is told.</param>
    public void Watch(RelaySide other, IEventHandler handler)
    {
        var events = (HasEnded || IsBlocked ? EpollEvents.None : EpollEvents.Readable) | (other.IsBlocked ? EpollEvents.Writable : EpollEvents.None);
        if (events == EpollEvents.None && IsBlocked && other.HasEnded)
        {
            // Both of its directions may be closed and what it said is not taken yet: it would tell of that without end.
            Leave();
        }
        else
        {
            Watch(events, handler);
        }
    }

    /// <summary>Waits for this.</summary>
    public void Watch(EpollEvents events, IEventHandler handler)
    {
        if (!_isWatched)
        {
            loop.Add(socket.Number, events, handler);
        }
        else if (events != _watched)
        {
            loop.Modify(socket.Number, events);
        }

        _isWatched = true;
        _watched = events;
    }

    public void Close()
    {
        Leave();
        socket.Dispose();
    }

    private void Leave()
    {
        if (_isWatched)
        {
            loop.Remove(socket.Number);
            _isWatched = false;
        }
    }
}
