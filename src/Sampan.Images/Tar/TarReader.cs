using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Tar;

/// <summary>
/// Reads an archive forward, one entry at a time, in bounded memory: v7, ustar, pax and GNU formats. The BCL's reader is unusable for
/// layers: it turns names and attribute values into text and refuses sparse files (ARCHITECTURE.md, "Tar").
/// </summary>
internal sealed class TarReader(Stream stream)
{
    // A path is at most 4096 bytes for the kernel, an attribute 64 KiB: what is larger is made to exhaust us. Go's reader, thus docker's, takes
    // no more than a mebibyte of extended headers either (archive/tar, maxSpecialFileSize).
    private const int LongestName = 64 << 10;
    private const int LargestPaxHeader = 1 << 20;
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private readonly PaxRecords _global = new();
    private long _globalSize;
    private long _offset;
    private long _remaining;
    private long _padding;

    /// <summary>Skips what is left of the current entry and reads the next one's header.</summary>
    /// <returns>The entry, or null at the end of the archive.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a tar archive, damaged, or cut off.</exception>
    public TarEntry? Next()
    {
        PaxRecords? pax = null;
        long paxSize = 0;
        FileName? longName = null;
        FileName? longLink = null;
        while (true)
        {
            Skip(_remaining + _padding);
            _remaining = _padding = 0;
            if (!ReadHeader())
            {
                return pax is null && longName is null && longLink is null ? null : throw Truncated();
            }

            var size = TarHeader.Number(_block.AsSpan(124, 12), "size");
            if (size < 0)
            {
                throw SampanException.InvalidArgument("invalid tar: negative size in a header");
            }

            switch ((char)_block[156])
            {
                case 'x' or 'X':
                    pax ??= new(_global);
                    pax.Add(ReadMeta(size, LargestPaxHeader - paxSize));
                    paxSize += size;
                    break;
                case 'g':
                    _global.Add(ReadMeta(size, LargestPaxHeader - _globalSize));
                    _globalSize += size;
                    break;
                case 'L':
                    longName = FileName.FromBytes(TarHeader.Text(ReadMeta(size, LongestName)));
                    break;
                case 'K':
                    longLink = FileName.FromBytes(TarHeader.Text(ReadMeta(size, LongestName)));
                    break;
                case 'V':
                    // A volume label: a name without a file.
                    SetContent(size);
                    break;
                default:
                    return ToEntry(pax ?? _global, longName, longLink, size);
            }
        }
    }

    /// <summary>Reads stored bytes of the current entry.</summary>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes read; 0 at the end of the entry.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the archive is cut off.</exception>
    public int Read(Span<byte> buffer)
    {
        if (_remaining < buffer.Length)
        {
            buffer = buffer[..(int)_remaining];
        }

        if (buffer.IsEmpty)
        {
            return 0;
        }

        var count = stream.Read(buffer);
        if (count == 0)
        {
            throw Truncated();
        }

        _remaining -= count;
        _offset += count;
        return count;
    }

    private static SampanException Truncated() => SampanException.InvalidArgument("invalid tar: unexpected end of archive");

    private TarEntry ToEntry(PaxRecords records, FileName? longName, FileName? longLink, long headerSize)
    {
        var block = _block.AsSpan();
        var flag = (char)block[156];
        var size = records.Number("size") ?? headerSize;
        if (size < 0)
        {
            throw SampanException.InvalidArgument("invalid tar: negative size in a pax record");
        }

        var entry = new TarEntry
        {
            Name = records.Value("path") is { } path ? FileName.FromBytes(path) : longName ?? HeaderName(block),
            LinkName = records.Value("linkpath") is { } link ? FileName.FromBytes(link) : longLink ?? FileName.FromBytes(TarHeader.Text(block.Slice(157, 100))),
            Permissions = (int)(TarHeader.Number(block.Slice(100, 8), "mode") & 0xfff),
            UserId = Identity(records.Number("uid") ?? TarHeader.Number(block.Slice(108, 8), "uid"), "user"),
            GroupId = Identity(records.Number("gid") ?? TarHeader.Number(block.Slice(116, 8), "gid"), "group"),
            Modified = records.Time("mtime") ?? new TimeSpec(TarHeader.Number(block.Slice(136, 12), "time"), 0),
            Attributes = records.Attributes(),
            Type = Kind(flag),
        };
        if (entry.Name.Bytes.Length > LongestName || entry.LinkName.Bytes.Length > LongestName)
        {
            throw SampanException.InvalidArgument($"invalid tar: a name of {Math.Max(entry.Name.Bytes.Length, entry.LinkName.Bytes.Length)} bytes");
        }

        if (entry.Type == TarEntryType.Regular && entry.Name.Bytes.EndsWith("/"u8))
        {
            // v7 had no flag for directories.
            entry.Type = TarEntryType.Directory;
        }

        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            entry.DeviceMajor = Identity(TarHeader.Number(block.Slice(329, 8), "device number"), "device");
            entry.DeviceMinor = Identity(TarHeader.Number(block.Slice(337, 8), "device number"), "device");
        }

        // Only regular files have content, whatever the size field of the others says: Go's reader, thus docker's, reads it so.
        SetContent(entry.Type == TarEntryType.Regular ? size : 0);
        entry.Size = entry.StoredSize = _remaining;
        if (entry.Type == TarEntryType.Regular)
        {
            ReadSparseMap(entry, records, flag);
        }

        return entry;
    }

    private static TarEntryType Kind(char flag) => flag switch
    {
        '\0' or '0' or '7' or 'S' => TarEntryType.Regular,
        >= '1' and <= '6' => (TarEntryType)flag,
        'D' => TarEntryType.Directory,
        _ => throw SampanException.InvalidArgument($"invalid tar: unknown entry type 0x{(int)flag:x2}"),
    };

    private static uint Identity(long value, string what) =>
        value is >= 0 and < uint.MaxValue ? (uint)value : throw SampanException.InvalidArgument($"invalid tar: {what} number {value} is out of range");

    private static FileName HeaderName(ReadOnlySpan<byte> block)
    {
        var name = TarHeader.Text(block[..100]);
        var prefix = TarHeader.IsUstar(block) ? TarHeader.Text(block.Slice(345, 155)) : default;
        return prefix.IsEmpty ? FileName.FromBytes(name) : FileName.FromBytes([.. prefix, (byte)'/', .. name]);
    }

    private void ReadSparseMap(TarEntry entry, PaxRecords records, char flag)
    {
        List<SparseExtent>? extents = null;
        if (flag == 'S')
        {
            entry.Size = TarHeader.Number(_block.AsSpan(483, 12), "real size");
            extents = [];
            var more = SparseMaps.AddSlots(_block.AsSpan(386, 96), extents) && _block[482] != 0;
            while (more)
            {
                ReadWhole(_block);
                more = SparseMaps.AddSlots(_block.AsSpan(0, 504), extents) && _block[504] != 0;
            }
        }
        else if (records.Text("GNU.sparse.major") == "1" && records.Text("GNU.sparse.minor") == "0")
        {
            extents = SparseMaps.ReadLines(ReadContentBlock);
            entry.StoredSize = _remaining;
        }
        else if (records.Value("GNU.sparse.map") is { } map)
        {
            extents = SparseMaps.ParseList(map);
        }
        else if (records.RepeatedExtents.Count > 0)
        {
            extents = records.RepeatedExtents;
        }

        if (extents is null)
        {
            return;
        }

        if (records.Value("GNU.sparse.name") is { } name)
        {
            entry.Name = FileName.FromBytes(name);
        }

        entry.Size = records.Number("GNU.sparse.realsize") ?? records.Number("GNU.sparse.size") ?? entry.Size;
        SparseMaps.Check(extents, entry.Size, entry.StoredSize);
        entry.Extents = extents;
    }

    private void ReadContentBlock(Span<byte> block)
    {
        while (!block.IsEmpty)
        {
            var count = Read(block);
            block = count > 0 ? block[count..] : throw Truncated();
        }
    }

    private void SetContent(long size)
    {
        _remaining = size;
        _padding = -size & (TarHeader.BlockSize - 1);
    }

    private byte[] ReadMeta(long size, long limit)
    {
        if (size > limit)
        {
            throw SampanException.InvalidArgument($"invalid tar: an extended header of {size} bytes is more than the {limit} that are taken");
        }

        SetContent(size);
        var data = new byte[size];
        ReadContentBlock(data);
        return data;
    }

    /// <summary>False at the end mark or the end of the stream.</summary>
    private bool ReadHeader()
    {
        var at = _offset;
        if (!TryReadWhole(_block))
        {
            // Even an archive of nothing has its closing blocks; a gzip stream cut off in its first block gives not one byte.
            return at == 0 ? throw SampanException.InvalidArgument("not a tar archive: it is empty") : false;
        }

        if (TarHeader.IsZero(_block))
        {
            if (TryReadWhole(_block) && !TarHeader.IsZero(_block))
            {
                throw SampanException.InvalidArgument($"invalid tar: data after a lone zero block at byte {at}");
            }

            return false;
        }

        return TarHeader.HasValidChecksum(_block)
            ? true
            : throw SampanException.InvalidArgument(at == 0 ? "not a tar archive: bad header checksum" : $"invalid tar: bad header checksum at byte {at}");
    }

    private void ReadWhole(Span<byte> block)
    {
        if (!TryReadWhole(block))
        {
            throw Truncated();
        }
    }

    private bool TryReadWhole(Span<byte> block)
    {
        var filled = 0;
        while (filled < block.Length)
        {
            var count = stream.Read(block[filled..]);
            if (count == 0)
            {
                return filled == 0 ? false : throw Truncated();
            }

            filled += count;
        }

        _offset += filled;
        return true;
    }

    private void Skip(long count)
    {
        Span<byte> scratch = count > 0 ? new byte[Math.Min(count, 64 << 10)] : default;
        while (count > 0)
        {
            var read = stream.Read(scratch[..(int)Math.Min(count, scratch.Length)]);
            if (read == 0)
            {
                throw Truncated();
            }

            count -= read;
            _offset += read;
        }
    }
}
