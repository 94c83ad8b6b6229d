using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>Reads one file of a log line by line. It knows the file by its descriptor: renaming it changes nothing.</summary>
internal sealed class LogFileReader(FileDescriptor file, long offset) : IDisposable
{
    private const int ChunkLength = 64 << 10;
    private byte[] _buffer = new byte[ChunkLength];
    private int _start;
    private int _end;
    private long _offset = offset;

    /// <summary>What tells the file from others.</summary>
    public FileStatus Status() => file.Status();

    /// <summary>Takes the next whole line, without its newline.</summary>
    /// <returns>False when there is none now; a line that is being written is left until it is whole.</returns>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var pending = _buffer.AsSpan(_start, _end - _start);
            var newline = pending[searched..].IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = pending[..(searched + newline)];
                _start += searched + newline + 1;
                return true;
            }

            searched = pending.Length;
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    public void Dispose() => file.Dispose();

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = file.ReadAt(_buffer.AsSpan(_end), _offset);
        _offset += count;
        _end += count;
        return count > 0;
    }
}
