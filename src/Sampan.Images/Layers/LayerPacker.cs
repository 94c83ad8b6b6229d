using Sampan.Images.Tar;
using Sampan.Images.Trees;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Layers;

/// <summary>
/// Packs overlay's upper directory as a layer: its whiteouts become the archive's marks, sockets are left out. The walk holds descriptors
/// and follows no link, so that a container that still runs cannot lead it outside.
/// </summary>
/// <param name="writer">The archive.</param>
/// <param name="owners">What the directory's owners are in the layer; null is what they are.</param>
/// <param name="latest">Times that are later become this one (reproducible-builds.org, SOURCE_DATE_EPOCH); null leaves all.</param>
internal sealed class LayerPacker(TarWriter writer, OwnerMap? owners = null, TimeSpec? latest = null)
{
    private readonly Dictionary<ulong, FileName> _linked = [];
    private readonly byte[] _buffer = new byte[128 << 10];

    /// <summary>Whether nothing was packed.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Packs everything below a directory, in the order of the names' bytes, and ends the archive.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="withRoot">Packs owner, mode, time and attributes of the directory itself too.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: something a layer cannot express.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Pack(FileDescriptor root, bool withRoot = false)
    {
        if (withRoot && PinnedFile.TryOpen(root, ".") is { } self)
        {
            using (self)
            {
                writer.WriteHeader(Settled(self.Describe("./")));
                IsEmpty = false;
            }
        }

        PackContent(root, default, 0);
        writer.Finish();
    }

    private TarEntry Settled(TarEntry entry)
    {
        owners?.Apply(entry);
        if (latest is { } limit && (entry.Modified.Seconds > limit.Seconds || (entry.Modified.Seconds == limit.Seconds && entry.Modified.Nanoseconds > limit.Nanoseconds)))
        {
            entry.Modified = limit;
        }

        return entry;
    }

    private static FileName Join(FileName parent, FileName name) =>
        parent.Bytes.IsEmpty ? name : FileName.FromBytes([.. parent.Bytes, (byte)'/', .. name.Bytes]);

    private void PackContent(FileDescriptor directory, FileName path, int depth)
    {
        TreeWalker.RefuseDepth(path, depth);
        List<DirectoryEntry> entries = [.. directory.ReadEntries()];
        entries.Sort((left, right) => left.Name.Bytes.SequenceCompareTo(right.Name.Bytes));
        foreach (var entry in entries)
        {
            // What vanished since the listing is not part of the layer.
            using var file = PinnedFile.TryOpen(directory, entry.Name);
            if (file is not null)
            {
                PackEntry(file, entry.Name, Join(path, entry.Name), depth);
            }
        }
    }

    private void PackEntry(PinnedFile file, FileName name, FileName path, int depth)
    {
        var status = file.Status;
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
            PackDirectory(file, path, depth);
        }
        else if (status.Links > 1 && !_linked.TryAdd(status.Inode, path))
        {
            writer.WriteHeader(Settled(new() { Name = path, Type = TarEntryType.HardLink, LinkName = _linked[status.Inode], Permissions = status.Permissions, UserId = status.UserId, GroupId = status.GroupId, Modified = status.Modified }));
        }
        else if (status.Type == FileType.Regular)
        {
            PackFile(file, path);
        }
        else
        {
            writer.WriteHeader(Settled(file.Describe(path)));
        }
    }

    private void PackDirectory(PinnedFile file, FileName path, int depth)
    {
        using var directory = file.OpenForReading();
        if (directory.TryGetAttributeAt(".", "trusted.overlay.redirect"u8) is not null)
        {
            throw SampanException.Unavailable($"cannot commit \"{path}\": the overlay renamed it by reference (redirect_dir=on), which a layer cannot express");
        }

        writer.WriteHeader(Settled(file.Describe(FileName.FromBytes([.. path.Bytes, (byte)'/']))));

        // One descriptor for each level is enough.
        file.Dispose();
        if (directory.TryGetAttributeAt(".", Whiteout.OpaqueAttribute) is { Length: 1 } opaque && opaque[0] == 'y')
        {
            PackMark(Join(path, "x"), Whiteout.OpaqueName);
        }

        PackContent(directory, path, depth + 1);
    }

    /// <summary>An empty file beside <paramref name="path"/> that means something was removed.</summary>
    private void PackMark(FileName path, ReadOnlySpan<byte> mark)
    {
        var slash = path.Bytes.LastIndexOf((byte)'/');
        writer.WriteHeader(new() { Name = FileName.FromBytes([.. path.Bytes[..(slash + 1)], .. mark]), Type = TarEntryType.Regular });
    }

    private void PackFile(PinnedFile file, FileName path)
    {
        using var opened = file.OpenForReading();
        var entry = Settled(file.Describe(path));
        using var content = new StoredContent(opened, FileExtents.Fill(entry, opened, file.Status));
        writer.WriteHeader(entry);
        for (var count = content.Read(_buffer); count > 0; count = content.Read(_buffer))
        {
            writer.Write(_buffer.AsSpan(0, count));
        }
    }
}
