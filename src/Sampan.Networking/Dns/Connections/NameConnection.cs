using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Networking.Dns.Connections;

/// <summary>
/// An asker who came by TCP. He may ask several things before he reads the first answer, and is answered as answers come (RFC 7766, 6.2.1.1
/// and 7). While he does not read, nothing more of his is.
/// </summary>
internal sealed class NameConnection : IEventHandler
{
    private readonly ConnectionList _owner;
    private readonly FileDescriptor _socket;
    private readonly byte[] _input = new byte[NameResponder.LongestQuery + 2];
    private readonly UnreadAnswers _unread;
    private int _inputLength;
    private EpollEvents _watched = EpollEvents.Readable;
    private bool _isAsking;
    private bool _hasAskedAll;
    private bool _isClosed;

    /// <param name="owner">Whose it is.</param>
    /// <param name="socket">The connection, non-blocking; becomes this one's.</param>
    /// <exception cref="LinuxException">It cannot be watched; the socket is still the caller's.</exception>
    public NameConnection(ConnectionList owner, FileDescriptor socket)
    {
        _owner = owner;
        _socket = socket;
        _unread = new(socket);
        owner.Loop.Add(socket.Number, _watched, this);
        Touch();
    }

    /// <summary>Queries of his that wait for other servers.</summary>
    public int Waiting { get; set; }

    /// <summary>When he last asked something, or took an answer, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastActive { get; private set; }

    /// <summary>He is to do something: to ask, or to read. Else he waits for an answer.</summary>
    public bool IsIdle => Waiting == 0 || _unread.HasAny;

    public void OnReady(int descriptor, EpollEvents events)
    {
        if ((events & (EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None)
        {
            Close();
            return;
        }

        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            Flush();
        }

        if (!_isClosed && (events & EpollEvents.Readable) != EpollEvents.None)
        {
            Receive();
        }

        TakeQueries();
    }

    /// <summary>Sends an answer, and asks what he has asked since.</summary>
    /// <param name="answer">The answer.</param>
    public void Deliver(ReadOnlySpan<byte> answer)
    {
        Send(answer);
        TakeQueries();
    }

    /// <summary>Closes; nobody waits for his answers any more.</summary>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _owner.Loop.Remove(_socket.Number);
        _socket.Dispose();
        _owner.Forget(this);
    }

    private void Receive()
    {
        var count = _socket.TryRead(_input.AsSpan(_inputLength));
        if (count > 0)
        {
            _inputLength += count;
        }
        else if (count == 0)
        {
            // He may still read (RFC 7766, 6.2.4).
            _hasAskedAll = true;
        }
        else if (count != -(int)Errno.EAGAIN)
        {
            Close();
        }
    }

    /// <summary>Answers what has been read, as long as he reads the answers.</summary>
    private void TakeQueries()
    {
        // An answer that comes at once comes back here.
        if (_isAsking)
        {
            return;
        }

        _isAsking = true;
        while (!_isClosed && !_unread.HasAny && Waiting < _owner.Limits.ForwardedOfConnection && TryTakeQuery())
        {
            Touch();
        }

        _isAsking = false;
        if (_isClosed)
        {
            return;
        }

        if (_hasAskedAll && Waiting == 0 && !_unread.HasAny)
        {
            Close();
            return;
        }

        var reading = !_hasAskedAll && !_unread.HasAny && Waiting < _owner.Limits.ForwardedOfConnection;
        Watch((reading ? EpollEvents.Readable : EpollEvents.None) | (_unread.HasAny ? EpollEvents.Writable : EpollEvents.None));
    }

    private bool TryTakeQuery()
    {
        if (_inputLength < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_input);
        if (length is 0 or > NameResponder.LongestQuery)
        {
            // Whatever that is, what follows is not to be found.
            Close();
            return false;
        }

        if (_inputLength < length + 2)
        {
            return false;
        }

        var scratch = _owner.Scratch;
        _input.AsSpan(2, length).CopyTo(scratch);
        _inputLength -= length + 2;
        _input.AsSpan(length + 2, _inputLength).CopyTo(_input);
        var answer = _owner.Responder.Respond(scratch, length, [], this);
        if (answer > 0)
        {
            Send(scratch[..answer]);
        }

        return true;
    }

    private void Send(ReadOnlySpan<byte> answer)
    {
        if (_isClosed)
        {
            return;
        }

        // What was kept for him before has its time already.
        var hadUnread = _unread.HasAny;
        if (!_unread.Send(answer))
        {
            Close();
        }
        else if (!hadUnread)
        {
            Touch();
        }
    }

    private void Flush()
    {
        var sent = _unread.Flush();
        if (sent >= 0)
        {
            Touch();
        }
        else if (sent != -(int)Errno.EAGAIN)
        {
            Close();
        }
    }

    private void Touch()
    {
        LastActive = Environment.TickCount64;
        _owner.ExpectActivity(this);
    }

    private void Watch(EpollEvents events)
    {
        if (events != _watched)
        {
            _owner.Loop.Modify(_socket.Number, events);
            _watched = events;
        }
    }
}
