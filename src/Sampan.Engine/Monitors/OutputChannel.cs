using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;

namespace Sampan.Engine.Monitors;

/// <summary>A pipe or terminal a process writes to.</summary>
internal sealed class OutputChannel : IEventHandler, IDisposable
{
    /// <summary>Bytes of the buffer output is read into: one frame.</summary>
    public const int BufferLength = MonitorFrame.HeaderLength + MonitorFrame.MaximumPayload;

    // A pipe of 64 KiB (pipe(7)) is full before its writer is told; a process that writes without end must not keep others waiting.
    private const int ReadsPerTurn = 4;

    // The most a pipe can be made to hold without privilege (pipe(7), pipe-max-size).
    private const int DrainLimit = 1 << 20;

    private readonly EventLoop _loop;
    private readonly FileDescriptor _source;
    private readonly LogStream _stream;
    private readonly ProcessSession _session;
    private readonly AnonymousMemory _buffer;
    private bool _watched;
    private bool _ended;

    public OutputChannel(EventLoop loop, FileDescriptor source, LogStream stream, ProcessSession session, AnonymousMemory buffer)
    {
        _loop = loop;
        _source = source;
        _stream = stream;
        _session = session;
        _buffer = buffer;
        source.SetNonBlocking();
        Watch(true);
    }

    /// <summary>All writers have closed it.</summary>
    public bool Ended => _ended;

    public void OnReady(int descriptor, EpollEvents events)
    {
        for (var turn = 0; turn < ReadsPerTurn && _watched; turn++)
        {
            // A short read has emptied the pipe: asking again would be in vain.
            if (ReadOnce() < MonitorFrame.MaximumPayload)
            {
                break;
            }
        }

        _session.OnOutputPause();
        if (_ended)
        {
            _session.OnOutputEnded();
        }
    }

    /// <summary>Reads no more until <see cref="Resume"/>. Not watched at all meanwhile: a hang-up would be told over and over.</summary>
    public void Hold() => Watch(false);

    public void Resume() => Watch(true);

    /// <summary>Reads what is there, at most what a pipe can hold: who goes on writing must not keep the others waiting.</summary>
    public void Drain()
    {
        Watch(false);
        for (var left = DrainLimit; left > 0 && !_ended;)
        {
            var count = ReadOnce();
            if (count == 0)
            {
                return;
            }

            left -= count;
        }
    }

    public void Dispose()
    {
        Watch(false);
        _ended = true;
        _source.Dispose();
    }

    /// <returns>Bytes read; 0 when there is nothing to read now.</returns>
    private int ReadOnce()
    {
        var buffer = _buffer.Span;
        var count = _source.TryRead(buffer.Slice(MonitorFrame.HeaderLength, MonitorFrame.MaximumPayload));
        if (count > 0)
        {
            _session.OnOutput(_stream, buffer[..(MonitorFrame.HeaderLength + count)]);
            return count;
        }

        if (count != -(int)Errno.EAGAIN)
        {
            // End of the pipe; EIO of a terminal nobody has open.
            Watch(false);
            _ended = true;
        }

        return 0;
    }

    private void Watch(bool wanted)
    {
        if (wanted == _watched || (wanted && _ended))
        {
            return;
        }

        _watched = wanted;
        if (wanted)
        {
            _loop.Add(_source.Number, EpollEvents.Readable, this);
        }
        else
        {
            _loop.Remove(_source.Number);
        }
    }
}
