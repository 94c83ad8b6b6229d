namespace Sampan.Engine.Logs.Delivery;

/// <summary>Messages a receiver has not taken: the one that is being sent, those behind it, and how many had to go.</summary>
/// <param name="maximumBytes">How much may wait where the oldest go.</param>
/// <param name="dropNotice">Makes the message that says how many were dropped.</param>
internal sealed class LogBacklog(long maximumBytes, Func<long, byte[]> dropNotice)
{
    private readonly Queue<byte[]> _waiting = [];
    private byte[]? _current;
    private int _currentSent;
    private long _dropped;

    /// <summary>Bytes behind the message that is being sent.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>There is something to send.</summary>
    public bool HasWork => _current is not null || _waiting.Count > 0 || _dropped > 0;

    /// <summary>Lets a message wait, whatever waits already.</summary>
    public void Add(byte[] message)
    {
        _waiting.Enqueue(message);
        WaitingBytes += message.Length;
    }

    /// <summary>Lets a message wait; the oldest go where it would be too much.</summary>
    public void AddOverOldest(byte[] message)
    {
        while (_waiting.Count > 0 && WaitingBytes + message.Length > maximumBytes)
        {
            WaitingBytes -= _waiting.Dequeue().Length;
            _dropped++;
        }

        Add(message);
    }

    /// <summary>What is to be sent next: the rest of a message. Those that went are told of in their place.</summary>
    /// <param name="rest">The bytes.</param>
    /// <returns>False when nothing waits.</returns>
    public bool TryGetNext(out ReadOnlySpan<byte> rest)
    {
        if (_current is null)
        {
            _currentSent = 0;
            if (_dropped > 0)
            {
                _current = dropNotice(_dropped);
                _dropped = 0;
            }
            else if (_waiting.TryDequeue(out _current))
            {
                WaitingBytes -= _current.Length;
            }
        }

        rest = _current.AsSpan(_currentSent);
        return _current is not null;
    }

    /// <summary>So many bytes of it were taken.</summary>
    public void Advance(int sent)
    {
        _currentSent += sent;
        if (_currentSent == _current!.Length)
        {
            _current = null;
        }
    }

    /// <summary>No way leads there for a message of this length.</summary>
    public void DropCurrent()
    {
        _current = null;
        _dropped++;
    }

    /// <summary>The connection was lost: a message of which a part went is sent again whole.</summary>
    public void Rewind() => _currentSent = 0;
}
