using System.IO.Compression;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>One file of a log, plain or packed, open for reading. It is known by its descriptor: renaming it changes nothing.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _path;
    private readonly FileDescriptor _file;
    private Stream? _inflated;
    private long? _size;
    private long _inflatedOffset;

    private LogFile(string path, FileDescriptor file, bool packed)
    {
        _path = path;
        _file = file;
        IsPacked = packed;
        Span<byte> header = stackalloc byte[64];
        Identity = (packed ? LogFileIdentity.TryRead(header[..file.ReadAt(header, 0)]) : null) ?? LogFileIdentity.Of(file);
    }

    /// <summary>Reading goes forward only, and its length is not known.</summary>
    public bool IsPacked { get; }

    /// <summary>Which file it is.</summary>
    public LogFileIdentity Identity { get; }

    /// <summary>Whether a plain file is the one that has a name now; its inode number is not another's while it is open.</summary>
    public bool IsAt(string path) => !IsPacked && FileDescriptor.TryStatus(path) is { } status && status.IsSameFile(_file.Status());

    /// <summary>Bytes of a plain file.</summary>
    public long Size => _size ?? _file.Status().Size;

    /// <summary>What a plain file grows by from now on is not read: who asks for the last lines gets so many, however fast more come.</summary>
    public void HoldSize() => _size = IsPacked ? null : Size;

    /// <summary>Opens a file by its plain name; the packed one where that is not there.</summary>
    /// <exception cref="SampanException">Internal: it is no regular file.</exception>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public static LogFile? TryOpen(string path)
    {
        if (FileDescriptor.TryOpenRegular(path, OpenFlags.ReadOnly) is { } plain)
        {
            return new(path, plain, packed: false);
        }

        return FileDescriptor.TryOpenRegular(path + LogFiles.Packed, OpenFlags.ReadOnly) is { } packed ? new(path, packed, packed: true) : null;
    }

    /// <summary>Reads at an offset of the plain content.</summary>
    /// <returns>Bytes read, 0 at the end.</returns>
    /// <exception cref="SampanException">Internal: a packed file is damaged.</exception>
    /// <exception cref="LinuxException">pread(2) failed.</exception>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        if (!IsPacked)
        {
            return _file.ReadAt(_size is { } size ? buffer[..(int)Math.Clamp(size - offset, 0, buffer.Length)] : buffer, offset);
        }

        if (_inflated is null || offset != _inflatedOffset)
        {
            // Only ever from the beginning: what was counted is read once more.
            _inflated?.Dispose();
            _file.Seek(0, SeekOrigin.Begin);
            _inflated = new GZipStream(new DescriptorStream(_file), CompressionMode.Decompress);
            _inflatedOffset = 0;
        }

        try
        {
            var count = _inflated.Read(buffer);
            _inflatedOffset += count;
            return count;
        }
        catch (InvalidDataException problem)
        {
            throw new SampanException(ErrorKind.Internal, $"{_path}{LogFiles.Packed} is damaged: {problem.Message.TrimEnd('.').ToLowerInvariant()}, remove it to read the rest of the log", problem);
        }
    }

    public void Dispose()
    {
        _inflated?.Dispose();
        _file.Dispose();
    }
}
