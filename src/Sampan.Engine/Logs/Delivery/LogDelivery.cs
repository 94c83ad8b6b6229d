using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>
/// Hands messages to a receiver without ever waiting for it. What it does not take at once waits here: up to a bound, beyond which the
/// container is held back, or with mode=non-blocking the oldest go. Where the receiver is gone, a connection is tried every second and the
/// container is never held back. How many messages went is told to the receiver in their place.
/// </summary>
internal sealed class LogDelivery : IEventHandler, IDisposable
{
    private const long HighWater = 64 << 10;
    private const int RetryMilliseconds = 1000;
    private const int FinishMilliseconds = 1000;
    private readonly EventLoop _loop;
    private readonly LogSocket _socket;
    private readonly LogBuffering _buffering;
    private readonly LogBacklog _backlog;
    private TimerDescriptor? _timer;
    private EpollEvents _watched;
    private bool _isWatched;
    private bool _connected;

    /// <param name="loop">Who tells of events.</param>
    /// <param name="socket">The connection; made, or being made.</param>
    /// <param name="buffering">What happens to what waits.</param>
    /// <param name="dropNotice">Makes the message that says how many were dropped.</param>
    public LogDelivery(EventLoop loop, LogSocket socket, LogBuffering buffering, Func<long, byte[]> dropNotice)
    {
        _loop = loop;
        _socket = socket;
        _buffering = buffering;
        _backlog = new(buffering.MaximumBytes, dropNotice);
        _connected = true;
        Watch();
    }

    /// <inheritdoc cref="ILogWriter.IsCongested"/>
    public bool IsCongested => _connected && !_buffering.DropsOldest && _backlog.WaitingBytes > HighWater;

    /// <inheritdoc cref="ILogWriter.Relieved"/>
    public Action? Relieved { get; set; }

    /// <summary>Sends a message, or lets it wait.</summary>
    public void Send(byte[] message)
    {
        if (!_buffering.DropsOldest && _connected)
        {
            _backlog.Add(message);
        }
        else
        {
            _backlog.AddOverOldest(message);
        }

        if (_connected && !_watched.HasFlag(EpollEvents.Writable))
        {
            Pump();
        }
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        if (descriptor == _timer?.Descriptor.Number)
        {
            _timer.Acknowledge();
            Reconnect();
            return;
        }

        if (!_connected)
        {
            FinishConnecting();
        }
        else if (_socket.IsStream && (events & ~EpollEvents.Writable) != EpollEvents.None && _socket.IsClosedByPeer())
        {
            Lose();
        }
        else
        {
            Pump();
        }
    }

    /// <summary>No more will come: what waits is handed over as long as it is taken, and no longer than a second after it is not.</summary>
    public void Finish()
    {
        if (!_connected && _socket.Number < 0 && _backlog.HasWork)
        {
            Reconnect();
        }

        while (_backlog.HasWork && _socket.Number >= 0 && Poll.Wait(_socket.Number, EpollEvents.Writable, FinishMilliseconds))
        {
            if (!_connected)
            {
                FinishConnecting();
            }

            if (_connected)
            {
                Pump();
            }
        }
    }

    public void Dispose()
    {
        Unwatch();
        if (_timer is not null)
        {
            _loop.Remove(_timer.Descriptor.Number);
            _timer.Dispose();
        }

        _socket.Dispose();
    }

    /// <summary>Sends what the receiver takes.</summary>
    private void Pump()
    {
        var wasCongested = IsCongested;
        while (_connected && _backlog.TryGetNext(out var rest))
        {
            var sent = _socket.TrySend(rest);
            if (sent is -(int)Errno.EAGAIN or -(int)Errno.ENOBUFS)
            {
                break;
            }

            if (sent == -(int)Errno.EMSGSIZE)
            {
                _backlog.DropCurrent();
            }
            else if (sent < 0)
            {
                Lose();
            }
            else
            {
                _backlog.Advance(sent);
            }
        }

        Watch();
        Relieve(wasCongested);
    }

    private void Lose()
    {
        var wasCongested = IsCongested;
        Unwatch();
        _socket.Close();
        _connected = false;
        _backlog.Rewind();
        if (_timer is null)
        {
            _timer = new TimerDescriptor();
            _loop.Add(_timer.Descriptor.Number, EpollEvents.Readable, this);
        }

        _timer.Arm(RetryMilliseconds);
        Relieve(wasCongested);
    }

    private void Reconnect()
    {
        Unwatch();
        var outcome = _socket.Connect();
        if (outcome is null)
        {
            _connected = true;
            Pump();
        }
        else if (outcome == Errno.EINPROGRESS)
        {
            Watch();
        }
        else
        {
            Lose();
        }
    }

    private void FinishConnecting()
    {
        if (_socket.Outcome() is not null)
        {
            Lose();
            return;
        }

        _connected = true;
        Pump();
    }

    private void Relieve(bool wasCongested)
    {
        if (wasCongested && !IsCongested)
        {
            Relieved?.Invoke();
        }
    }

    /// <summary>Waits for the receiver where there is something for it, and for the end of a stream always.</summary>
    private void Watch()
    {
        if (_socket.Number < 0)
        {
            return;
        }

        var wanted = _backlog.HasWork || !_connected ? EpollEvents.Writable : EpollEvents.None;
        wanted |= _socket.IsStream ? EpollEvents.Readable : EpollEvents.None;
        if (!_isWatched && wanted != EpollEvents.None)
        {
            _loop.Add(_socket.Number, wanted, this);
            _isWatched = true;
        }
        else if (_isWatched && wanted == EpollEvents.None)
        {
            Unwatch();
        }
        else if (_isWatched && wanted != _watched)
        {
            _loop.Modify(_socket.Number, wanted);
        }

        _watched = wanted;
    }

    private void Unwatch()
    {
        if (_isWatched)
        {
            _loop.Remove(_socket.Number);
        }

        _isWatched = false;
        _watched = EpollEvents.None;
    }
}
