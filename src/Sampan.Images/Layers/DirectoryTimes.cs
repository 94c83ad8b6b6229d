using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Layers;

/// <summary>
/// The times of a layer's directories, which are set when everything is in them. A layer may have any number of directories with long names:
/// beyond a mebibyte they wait in a file that has no name.
/// </summary>
/// <param name="root">The layer's root.</param>
internal sealed class DirectoryTimes(FileDescriptor root) : IDisposable
{
    private const int MostHeld = 1 << 20;
    private const int HeaderSize = 20;
    private const ResolveFlags Resolve = ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossDevice;
    private byte[] _buffer = new byte[4096];
    private int _length;
    private FileDescriptor? _file;

    /// <summary>Notes what a directory shall have. Of several notes of one the last counts.</summary>
    /// <param name="path">Below the root; empty for itself.</param>
    /// <param name="modified">Its time.</param>
    public void Add(FileName path, TimeSpec modified)
    {
        var size = HeaderSize + path.Bytes.Length;
        if (_length + size > MostHeld)
        {
            Spill();
        }

        if (_length + size > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_length + size, _buffer.Length * 2));
        }

        var record = _buffer.AsSpan(_length, size);
        BinaryPrimitives.WriteInt32LittleEndian(record, path.Bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], modified.Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(record[12..], modified.Nanoseconds);
        path.Bytes.CopyTo(record[HeaderSize..]);
        _length += size;
    }

    /// <summary>Sets them all.</summary>
    /// <exception cref="LinuxException">A time cannot be set.</exception>
    public void Apply()
    {
        if (_file is null)
        {
            using var held = new MemoryStream(_buffer, 0, _length, writable: false);
            Apply(held);
            return;
        }

        Spill();
        _file.Seek(0, SeekOrigin.Begin);
        using var spilled = new BufferedStream(new DescriptorStream(_file), 128 << 10);
        Apply(spilled);
    }

    public void Dispose() => _file?.Dispose();

    private void Spill()
    {
        if (_file is null)
        {
            FileName name = $".sampan-{Guid.NewGuid():N}";
            _file = root.TryOpenAt(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0x180, out var errno)
                ?? throw new LinuxException(errno, "create", name.ToString());
            root.Unlink(name);
        }

        _file.WriteAll(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    private void Apply(Stream records)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        while (records.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) == HeaderSize)
        {
            var path = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
            records.ReadExactly(path);
            var modified = new TimeSpec(BinaryPrimitives.ReadInt64LittleEndian(header[4..]), BinaryPrimitives.ReadInt64LittleEndian(header[12..]));

            // A later entry may have replaced the directory or its parents.
            using var directory = root.TryOpenBeneath(FileName.FromBytes(path), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, Resolve, out _);
            directory?.SetTimes(modified, modified);
        }
    }
}
