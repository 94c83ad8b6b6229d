using Sampan.Images.Tar;
using Sampan.Images.Trees;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// Packs overlay's upper directory as a layer: its whiteouts become the archive's marks, sockets are left out. The walk holds descriptors
/// and follows no link, so that a container that still runs cannot lead it outside.
/// </summary>
internal sealed class LayerPacker(TarWriter writer)
{
    private readonly Dictionary<ulong, FileName> _linked = [];
    private readonly byte[] _buffer = new byte[128 << 10];

    /// <summary>Whether nothing was packed.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Packs everything below a directory, in the order of the names' bytes, and ends the archive.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: something a layer cannot express.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Pack(FileDescriptor root)
    {
        PackContent(root, default);
        writer.Finish();
    }

    private static TarEntry Describe(FileDescriptor parent, FileName name, FileName path, FileStatus status, TarEntryType type)
    {
        List<KeyValuePair<FileName, byte[]>> attributes = [];
        foreach (var attribute in parent.AttributesAt(name))
        {
            if (!attribute.Key.Bytes.StartsWith(Whiteout.OverlayAttributes))
            {
                attributes.Add(attribute);
            }
        }

        attributes.Sort((left, right) => left.Key.Bytes.SequenceCompareTo(right.Key.Bytes));
        return new()
        {
            Name = path,
            Type = type,
            Permissions = status.Permissions,
            UserId = status.UserId,
            GroupId = status.GroupId,
            Modified = status.Modified,
            DeviceMajor = status.DeviceMajor,
            DeviceMinor = status.DeviceMinor,
            Attributes = attributes,
        };
    }

    private static FileName Join(FileName parent, FileName name) =>
        parent.Bytes.IsEmpty ? name : FileName.FromBytes([.. parent.Bytes, (byte)'/', .. name.Bytes]);

    private void PackContent(FileDescriptor directory, FileName path)
    {
        List<DirectoryEntry> entries = [.. directory.ReadEntries()];
        entries.Sort((left, right) => left.Name.Bytes.SequenceCompareTo(right.Name.Bytes));
        foreach (var entry in entries)
        {
            // What vanished since the listing is not part of the layer.
            if (directory.TryStatusAt(entry.Name) is { } status)
            {
                PackEntry(directory, entry.Name, Join(path, entry.Name), status);
            }
        }
    }

    private void PackEntry(FileDescriptor parent, FileName name, FileName path, FileStatus status)
    {
        if (status.Type == FileType.Socket)
        {
            return;
        }

        IsEmpty = false;
        if (status.IsWhiteout)
        {
            PackMark(path, [.. Whiteout.Prefix, .. name.Bytes]);
            return;
        }

        if (Whiteout.IsOne(name))
        {
            throw SampanException.Unavailable($"cannot commit \"{path}\": names that begin with .wh. mean removed files in a layer: rename it");
        }

        if (status.IsDirectory)
        {
            PackDirectory(parent, name, path, status);
        }
        else if (status.Links > 1 && !_linked.TryAdd(status.Inode, path))
        {
            writer.WriteHeader(new() { Name = path, Type = TarEntryType.HardLink, LinkName = _linked[status.Inode], Permissions = status.Permissions, UserId = status.UserId, GroupId = status.GroupId, Modified = status.Modified });
        }
        else if (status.Type == FileType.Regular)
        {
            PackFile(parent, name, path, status);
        }
        else
        {
            var type = status.Type switch
            {
                FileType.SymbolicLink => TarEntryType.SymbolicLink,
                FileType.CharacterDevice => TarEntryType.CharacterDevice,
                FileType.BlockDevice => TarEntryType.BlockDevice,
                _ => TarEntryType.Fifo,
            };
            var entry = Describe(parent, name, path, status, type);
            entry.LinkName = type == TarEntryType.SymbolicLink ? parent.ReadLink(name) : default;
            writer.WriteHeader(entry);
        }
    }

    private void PackDirectory(FileDescriptor parent, FileName name, FileName path, FileStatus status)
    {
        if (parent.TryGetAttributeAt(name, "trusted.overlay.redirect"u8) is not null)
        {
            throw SampanException.Unavailable($"cannot commit \"{path}\": the overlay renamed it by reference (redirect_dir=on), which a layer cannot express");
        }

        writer.WriteHeader(Describe(parent, name, FileName.FromBytes([.. path.Bytes, (byte)'/']), status, TarEntryType.Directory));
        if (parent.TryGetAttributeAt(name, Whiteout.OpaqueAttribute) is { Length: 1 } opaque && opaque[0] == 'y')
        {
            PackMark(Join(path, "x"), Whiteout.OpaqueName);
        }

        using var directory = parent.OpenAt(name);
        PackContent(directory, path);
    }

    /// <summary>An empty file beside <paramref name="path"/> that means something was removed.</summary>
    private void PackMark(FileName path, ReadOnlySpan<byte> mark)
    {
        var slash = path.Bytes.LastIndexOf((byte)'/');
        writer.WriteHeader(new() { Name = FileName.FromBytes([.. path.Bytes[..(slash + 1)], .. mark]), Type = TarEntryType.Regular });
    }

    private void PackFile(FileDescriptor parent, FileName name, FileName path, FileStatus status)
    {
        using var file = parent.TryOpenAt(name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, 0, out var errno)
            ?? throw new LinuxException(errno, "open", path.ToString());
        var entry = Describe(parent, name, path, status, TarEntryType.Regular);
        var extents = FileExtents.Fill(entry, file, status);
        writer.WriteHeader(entry);
        foreach (var extent in extents)
        {
            Copy(file, extent);
        }
    }

    private void Copy(FileDescriptor file, SparseExtent extent)
    {
        var (offset, rest) = extent;
        while (rest > 0)
        {
            var wanted = _buffer.AsSpan(0, (int)Math.Min(rest, _buffer.Length));
            var count = file.ReadAt(wanted, offset);
            if (count == 0)
            {
                // Cut shorter since its size was written down: the archive keeps its promise with zeros.
                wanted.Clear();
                count = wanted.Length;
            }

            writer.Write(wanted[..count]);
            offset += count;
            rest -= count;
        }
    }
}
