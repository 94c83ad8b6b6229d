using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>Cuts a stream of bytes into frames. Its buffer grows to one frame and no further.</summary>
/// <param name="capacity">Bytes of the buffer at first.</param>
internal sealed class FrameReceiver(int capacity)
{
    private byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>Reads once from a socket.</summary>
    /// <returns>Bytes read, 0 at the end of the stream, or minus the error number.</returns>
    public int Fill(FileDescriptor socket)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        var count = socket.TryRead(_buffer.AsSpan(_end));
        _end += count > 0 ? count : 0;
        return count;
    }

    /// <summary>Takes the next whole frame.</summary>
    /// <exception cref="SampanException">InvalidArgument: a header announces more than a frame may hold.</exception>
    public bool TryTake(out MonitorFrame frame)
    {
        var available = _buffer.AsSpan(_start, _end - _start);
        if (available.Length >= MonitorFrame.HeaderLength)
        {
            var length = PayloadLength(available);
            if (available.Length >= MonitorFrame.HeaderLength + length)
            {
                frame = new((FrameType)available[0], available.Slice(MonitorFrame.HeaderLength, length));
                _start += MonitorFrame.HeaderLength + length;
                return true;
            }
        }

        frame = default;
        return false;
    }

    private static int PayloadLength(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        return length <= MonitorFrame.MaximumPayload
            ? (int)length
            : throw SampanException.InvalidArgument($"a frame of {length} bytes is longer than {MonitorFrame.MaximumPayload}");
    }

    private void MakeRoom()
    {
        var pending = _buffer.AsSpan(_start, _end - _start);
        var needed = pending.Length < MonitorFrame.HeaderLength ? MonitorFrame.HeaderLength : MonitorFrame.HeaderLength + PayloadLength(pending);
        var target = needed > _buffer.Length ? new byte[needed] : _buffer;
        pending.CopyTo(target);
        _buffer = target;
        _end = pending.Length;
        _start = 0;
    }
}
