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
    private readonly Func<long, byte[]> _dropNotice;
    private readonly Queue<byte[]> _waiting = [];
    private byte[]? _current;
    private int _currentSent;
    private long _waitingBytes;
    private long _dropped;
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
        _dropNotice = dropNotice;
        _connected = true;
        Watch();
    }

    /// <inheritdoc cref="ILogWriter.IsCongested"/>
    public bool IsCongested => _connected && !_buffering.DropsOldest && _waitingBytes > HighWater;

    /// <inheritdoc cref="ILogWriter.Relieved"/>
    public Action? Relieved { get; set; }

    private bool HasWork => _current is not null || _waiting.Count > 0 || _dropped > 0;

    /// <summary>Sends a message, or lets it wait.</summary>
    public void Send(byte[] message)
    {
        if (!_buffering.DropsOldest && _connected)
        {
            Enqueue(message);
        }
        else
        {
            while (_waiting.Count > 0 && _waitingBytes + message.Length > _buffering.MaximumBytes)
            {
                _waitingBytes -= _waiting.Dequeue().Length;
                _dropped++;
            }

            Enqueue(message);
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
        if (!_connected && _socket.Number < 0 && HasWork)
        {
            Reconnect();
        }

        while (HasWork && _socket.Number >= 0 && Poll.Wait(_socket.Number, EpollEvents.Writable, FinishMilliseconds))
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

    private void Enqueue(byte[] message)
    {
        _waiting.Enqueue(message);
        _waitingBytes += message.Length;
    }

    /// <summary>Sends what the receiver takes.</summary>
    private void Pump()
    {
        var wasCongested = IsCongested;
        while (_connected && TakeNext() is { } message)
        {
            var sent = _socket.TrySend(message.AsSpan(_currentSent));
            if (sent is -(int)Errno.EAGAIN or -(int)Errno.ENOBUFS)
            {
                break;
            }

            if (sent == -(int)Errno.EMSGSIZE)
            {
                // No way leads there for a datagram of this length.
                _current = null;
                _dropped++;
            }
            else if (sent < 0)
            {
                Lose();
            }
            else
            {
                _currentSent += sent;
                _current = _currentSent < message.Length ? message : null;
            }
        }

        Watch();
        Relieve(wasCongested);
    }

    private byte[]? TakeNext()
    {
        if (_current is not null)
        {
            return _current;
        }

        _currentSent = 0;
        if (_dropped > 0)
        {
            _current = _dropNotice(_dropped);
            _dropped = 0;
        }
        else if (_waiting.TryDequeue(out _current))
        {
            _waitingBytes -= _current.Length;
        }

        return _current;
    }

    private void Lose()
    {
        var wasCongested = IsCongested;
        Unwatch();
        _socket.Close();
        _connected = false;

        // A message of which a part went is sent again whole.
        _currentSent = 0;
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

        var wanted = HasWork || !_connected ? EpollEvents.Writable : EpollEvents.None;
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
