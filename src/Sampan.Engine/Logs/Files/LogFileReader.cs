namespace Sampan.Engine.Logs;

/// <summary>Reads one file of a log record by record.</summary>
/// <param name="file">The file; closed with the reader.</param>
/// <param name="format">How its records end.</param>
/// <param name="start">Where to begin.</param>
internal sealed class LogFileReader(LogFile file, ILogFormat format, LogPosition start = default) : IDisposable
{
    private const int ChunkLength = 64 << 10;
    private byte[] _buffer = new byte[ChunkLength];
    private int _start;
    private int _end;
    private long _offset = start.Offset;
    private long _skip = start.Skip;

    /// <summary>The file.</summary>
    public LogFile File => file;

    /// <summary>Takes the next whole record.</summary>
    /// <returns>False when there is none now; a record that is being written is left until it is whole.</returns>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        for (; _skip > 0; _skip--)
        {
            if (!TryTake(out record))
            {
                return false;
            }
        }

        return TryTake(out record);
    }

    public void Dispose() => file.Dispose();

    private bool TryTake(out ReadOnlySpan<byte> record)
    {
        var searched = 0;
        while (true)
        {
            var pending = _buffer.AsSpan(_start, _end - _start);
            var length = format.RecordLength(pending, searched);
            if (length > 0)
            {
                record = pending[..length];
                _start += length;
                return true;
            }

            searched = pending.Length;
            if (length < 0 || !Fill())
            {
                record = default;
                return false;
            }
        }
    }

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
