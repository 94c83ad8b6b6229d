using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;

namespace Sampan.Engine.Logs;

/// <summary>
/// Writes records to a file and begins a new one before it grows too long. A record is never cut: a full disk loses records whole, never
/// the container.
/// </summary>
internal sealed class LogFileWriter : IDisposable
{
    private const int BufferLength = 160 << 10;
    private readonly string _path;
    private readonly LogLimits _limits;
    private readonly AnonymousMemory _buffer = new(BufferLength);
    private LogCompression? _compression;
    private int _pending;
    private FileDescriptor _file;
    private long _size;

    /// <summary>Opens the log, appending to what an earlier run wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">When a new one is begun.</param>
    /// <param name="format">Finds the last whole record, where a file with a torn one cannot be read any further; null where records are lines.</param>
    /// <exception cref="SampanException">Internal: it is no regular file.</exception>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public LogFileWriter(string path, LogLimits limits, ILogFormat? format = null)
    {
        _path = path;
        _limits = limits;
        _file = Open(path);
        _size = _file.Status().Size;
        if (format is not null && _size > 0)
        {
            CutTornRecord(format);
        }
        else if (_size > 0)
        {
            EndTornLine();
        }

        if (limits.Compress)
        {
            _compression = LogCompression.TryBegin(LogFiles.Rotated(path, 1));
        }
    }

    /// <summary>Room for a record.</summary>
    /// <param name="length">The most bytes it may have.</param>
    public Span<byte> Reserve(int length)
    {
        if (BufferLength - _pending < length)
        {
            Flush();
        }

        return _buffer.Span[_pending..];
    }

    /// <summary>The record is written to what <see cref="Reserve"/> gave.</summary>
    /// <param name="length">Its bytes.</param>
    public void Commit(int length)
    {
        if (_size + _pending + length > _limits.MaximumSize && _size + _pending > 0)
        {
            var start = _pending;
            Flush();
            Rotate();
            _buffer.Span.Slice(start, length).CopyTo(_buffer.Span);
        }

        _pending += length;
    }

    /// <summary>Writes what was committed.</summary>
    public void Flush()
    {
        if (_pending == 0)
        {
            return;
        }

        Compress(_pending);
        var rest = _buffer.Span[.._pending];
        _pending = 0;
        while (!rest.IsEmpty)
        {
            var written = _file.TryWrite(rest);
            if (written < 0)
            {
                // ENOSPC, EDQUOT, EIO: a torn record would make the file unreadable.
                _file.SetLength(_size);
                return;
            }

            rest = rest[written..];
            if (rest.IsEmpty)
            {
                _size = _file.Seek(0, SeekOrigin.Current);
            }
        }
    }

    /// <summary>Gives memory back.</summary>
    public void Trim()
    {
        if (_pending == 0)
        {
            _buffer.Discard();
        }
    }

    public void Dispose()
    {
        _compression?.Dispose();
        _file.Dispose();
        _buffer.Dispose();
    }

    // Appending is asked of the kernel, so that cutting a torn record off leaves no hole before the next.
    private static FileDescriptor Open(string path) =>
        FileDescriptor.TryOpenRegular(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, 0x1A0) ?? throw new LinuxException(Errno.ENOENT, "open", path);

    /// <summary>
    /// A line that a crash cut off is ended: it is none that can be read, and the next one is whole. It stays where it is, for whoever follows
    /// the file has read it.
    /// </summary>
    private void EndTornLine()
    {
        Span<byte> last = stackalloc byte[1];
        using var file = FileDescriptor.Open(_path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file.ReadAt(last, _size - 1) == 1 && last[0] != (byte)'\n' && _file.TryWrite("\n"u8) == 1)
        {
            _size++;
        }
    }

    private void CutTornRecord(ILogFormat format)
    {
        using var file = LogFile.TryOpen(_path);
        var whole = file is null ? 0 : format.EndOfRecords(file);
        if (whole < _size)
        {
            _file.SetLength(whole);
            _size = whole;
        }
    }

    /// <summary>
    /// Twice as much of the old file is packed as the new one gets: it is done when the new one is half full, and no line waits for
    /// megabytes to be packed.
    /// </summary>
    private void Compress(int written)
    {
        if (_compression?.Advance(written * 2) == true)
        {
            _compression.Dispose();
            _compression = null;
        }
    }

    /// <summary>
    /// Moves the files up by one and begins a new one. A file is never written again once it was renamed, so a reader that knows it by its
    /// inode can read it to its end.
    /// </summary>
    private void Rotate()
    {
        _compression?.Dispose();
        _compression = null;
        try
        {
            for (var number = _limits.MaximumFiles - 1; number > 0; number--)
            {
                LogFiles.MoveUp(_path, number);
            }

            if (_limits.MaximumFiles == 1)
            {
                Entries.RemoveFile(_path);
            }

            var next = Open(_path);
            _file.Dispose();
            _file = next;
            _size = next.Status().Size;
            _compression = _limits is { Compress: true, MaximumFiles: > 1 } ? LogCompression.TryBegin(LogFiles.Rotated(_path, 1)) : null;
        }
        catch (LinuxException)
        {
            // No room for another name or file: the old one, wherever it is now, goes on beyond its limit rather than a line be lost.
            _size = 0;
        }
    }
}
