using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>The standard input of a process: what it does not read yet is kept, and whoever sends is held back meanwhile.</summary>
internal sealed class InputChannel : IEventHandler, IDisposable
{
    private const int HighWater = 128 << 10;
    private readonly EventLoop _loop;
    private readonly FileDescriptor _target;
    private readonly bool _isTerminal;
    private readonly Action _drained;
    private byte[] _pending = [];
    private int _start;
    private int _end;
    private bool _ending;
    private bool _closed;

    /// <param name="loop">Who tells of events.</param>
    /// <param name="target">Write end of the pipe, or the terminal's master, which is watched for output under this number too: a duplicate is.</param>
    /// <param name="isTerminal">The end of input means nothing to a terminal.</param>
    /// <param name="drained">Called when senders may go on.</param>
    public InputChannel(EventLoop loop, FileDescriptor target, bool isTerminal, Action drained)
    {
        _loop = loop;
        _isTerminal = isTerminal;
        _drained = drained;
        _target = isTerminal ? target.Duplicate() : target;
        _target.SetNonBlocking();
    }

    /// <summary>No more is to be sent until it is drained.</summary>
    public bool IsFull => _end - _start >= HighWater;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _ending)
        {
            return;
        }

        if (_start == _end)
        {
            var written = _target.TryWrite(bytes);
            if (written < 0 && written != -(int)Errno.EAGAIN)
            {
                // EPIPE: nobody reads any more.
                Dispose();
                return;
            }

            bytes = bytes[Math.Max(written, 0)..];
            if (bytes.IsEmpty)
            {
                return;
            }

            _loop.Add(_target.Number, EpollEvents.Writable, this);
        }

        Keep(bytes);
    }

    /// <summary>Closes it once what is kept has been read.</summary>
    public void End()
    {
        if (_isTerminal || _closed)
        {
            return;
        }

        _ending = true;
        if (_start == _end)
        {
            Dispose();
        }
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        var written = _target.TryWrite(_pending.AsSpan(_start, _end - _start));
        if (written == -(int)Errno.EAGAIN)
        {
            return;
        }

        _start += Math.Max(written, 0);
        if (written < 0)
        {
            Dispose();
        }
        else if (_start == _end)
        {
            _loop.Remove(_target.Number);
            _start = _end = 0;
            _pending = [];
            if (_ending)
            {
                Dispose();
            }
        }

        if (!IsFull)
        {
            _drained();
        }
    }

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if (_start != _end)
        {
            _loop.Remove(_target.Number);
            _start = _end = 0;
        }

        _target.Dispose();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _pending.Length)
        {
            var length = _end - _start;
            var target = length + bytes.Length > _pending.Length ? new byte[(length + bytes.Length) * 2] : _pending;
            _pending.AsSpan(_start, length).CopyTo(target);
            _pending = target;
            _start = 0;
            _end = length;
        }

        bytes.CopyTo(_pending.AsSpan(_end));
        _end += bytes.Length;
    }
}
