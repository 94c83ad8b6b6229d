using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>Sends frames without blocking; what the peer does not take yet is kept.</summary>
internal sealed class FrameSender
{
    private byte[] _pending = [];
    private int _start;
    private int _end;

    /// <summary>Bytes the peer has not taken.</summary>
    public int Pending => _end - _start;

    /// <summary>The peer is gone: what is sent from now on is dropped.</summary>
    public bool Broken { get; private set; }

    /// <summary>Sends a frame, or keeps what does not fit into the socket.</summary>
    public void Send(FileDescriptor socket, FrameType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[MonitorFrame.HeaderLength];
        MonitorFrame.WriteHeader(header, type, payload.Length);
        var sent = 0;
        if (Pending == 0 && !Broken)
        {
            sent = Take(UnixSocket.TrySend(socket, header, payload));
        }

        if (sent < header.Length)
        {
            Keep(header[sent..]);
            Keep(payload);
        }
        else
        {
            Keep(payload[(sent - header.Length)..]);
        }
    }

    /// <summary>Sends a frame whose header is in place.</summary>
    public void SendWhole(FileDescriptor socket, ReadOnlySpan<byte> frame)
    {
        var sent = Pending == 0 && !Broken ? Take(UnixSocket.TrySend(socket, frame)) : 0;
        Keep(frame[sent..]);
    }

    /// <summary>Sends what was kept, as far as the peer takes it.</summary>
    public void Flush(FileDescriptor socket)
    {
        while (Pending > 0)
        {
            var sent = Take(UnixSocket.TrySend(socket, _pending.AsSpan(_start, Pending)));
            if (sent == 0)
            {
                return;
            }

            _start += sent;
        }

        // A burst is over: the next one is far away or needs a buffer of another size.
        _start = _end = 0;
        _pending = [];
    }

    private int Take(int result)
    {
        if (result >= 0)
        {
            return result;
        }

        if (result != -(int)Errno.EAGAIN)
        {
            Broken = true;
            _start = _end = 0;
            _pending = [];
        }

        return 0;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || Broken)
        {
            return;
        }

        if (_end + bytes.Length > _pending.Length)
        {
            var length = Pending;
            var target = length + bytes.Length > _pending.Length ? new byte[Math.Max(4096, (length + bytes.Length) * 2)] : _pending;
            _pending.AsSpan(_start, length).CopyTo(target);
            _pending = target;
            _start = 0;
            _end = length;
        }

        bytes.CopyTo(_pending.AsSpan(_end));
        _end += bytes.Length;
    }
}
