using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>Makes one file of a layer, with owner, then mode (chown clears set-id bits), then attributes, then times.</summary>
/// <param name="parents">Told when a name is replaced.</param>
internal sealed class EntryWriter(ParentDirectories parents)
{
    private const OpenFlags NewFile = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
    private readonly byte[] _buffer = new byte[128 << 10];

    /// <summary>Makes the directory, or gives the one that is there what the entry says.</summary>
    public void WriteDirectory(FileDescriptor parent, FileName name, TarEntry entry)
    {
        var hidden = false;
        if (!parent.TryMakeDirectory(name, 0x1c0) && parent.TryStatusAt(name) is { IsDirectory: false } status)
        {
            hidden = status.IsWhiteout;
            Replace(parent, name);
            parent.MakeDirectory(name, 0x1c0);
        }

        using var directory = parent.OpenAt(name);
        if (hidden)
        {
            Whiteout.MakeOpaque(directory);
        }

        ApplyDirectory(directory, entry);
    }

    /// <summary>Sets owner, mode and attributes. The times come when everything is in it.</summary>
    public static void ApplyDirectory(FileDescriptor directory, TarEntry entry)
    {
        directory.SetOwner(entry.UserId, entry.GroupId);
        directory.SetPermissions(entry.Permissions);
        foreach (var attribute in entry.Attributes)
        {
            if (IsWanted(attribute.Key))
            {
                Require(directory.TrySetAttribute(attribute.Key, attribute.Value), attribute.Key, entry);
            }
        }
    }

    /// <summary>Makes anything but a directory; a name that is taken is replaced.</summary>
    public void Write(FileDescriptor parent, FileName name, TarEntry entry, TarReader reader)
    {
        switch (entry.Type)
        {
            case TarEntryType.Regular:
                WriteFile(parent, name, entry, reader);
                return;
            case TarEntryType.HardLink:
                WriteHardLink(parent, name, entry);
                return;
            case TarEntryType.SymbolicLink:
                if (!parent.TryMakeSymbolicLink(name, entry.LinkName))
                {
                    Replace(parent, name);
                    parent.TryMakeSymbolicLink(name, entry.LinkName);
                }

                break;
            default:
                var type = entry.Type switch
                {
                    TarEntryType.CharacterDevice => FileType.CharacterDevice,
                    TarEntryType.BlockDevice => FileType.BlockDevice,
                    _ => FileType.Fifo,
                };
                if (!parent.TryMakeNode(name, type, 0, entry.DeviceMajor, entry.DeviceMinor))
                {
                    Replace(parent, name);
                    parent.TryMakeNode(name, type, 0, entry.DeviceMajor, entry.DeviceMinor);
                }

                break;
        }

        ApplyByName(parent, name, entry);
    }

    private static bool IsWanted(FileName attribute) => !attribute.Bytes.StartsWith(Whiteout.OverlayAttributes);

    private static void Require(Errno errno, FileName attribute, TarEntry entry)
    {
        // A file system without such attributes (vfat, some network ones) still holds a usable layer; docker goes on as well.
        if (errno is not (Errno.None or Errno.EOPNOTSUPP))
        {
            throw new LinuxException(errno, $"set attribute {attribute}", entry.Name.ToString());
        }
    }

    private static void ApplyByName(FileDescriptor parent, FileName name, TarEntry entry)
    {
        parent.SetOwnerAt(name, entry.UserId, entry.GroupId);
        if (entry.Type != TarEntryType.SymbolicLink)
        {
            parent.SetPermissionsAt(name, entry.Permissions);
        }

        foreach (var attribute in entry.Attributes)
        {
            // Only trusted and security attributes may be on links and devices (xattr(7)); others in an archive are a mistake to pass over.
            if (IsWanted(attribute.Key) && parent.TrySetAttributeAt(name, attribute.Key, attribute.Value) is not Errno.EPERM and var errno)
            {
                Require(errno, attribute.Key, entry);
            }
        }

        parent.SetTimesAt(name, entry.Modified, entry.Modified);
    }

    private void WriteFile(FileDescriptor parent, FileName name, TarEntry entry, TarReader reader)
    {
        var file = parent.TryOpenAt(name, NewFile, 0x180, out var errno);
        if (errno == Errno.EEXIST)
        {
            Replace(parent, name);
            file = parent.TryOpenAt(name, NewFile, 0x180, out errno);
        }

        using (file ?? throw new LinuxException(errno, "create", name.ToString()))
        {
            if (entry.Extents is null)
            {
                CopyContent(reader, file, long.MaxValue);
            }
            else
            {
                foreach (var extent in entry.Extents)
                {
                    file.Seek(extent.Offset, SeekOrigin.Begin);
                    CopyContent(reader, file, extent.Length);
                }

                file.SetLength(entry.Size);
            }

            file.SetOwner(entry.UserId, entry.GroupId);
            file.SetPermissions(entry.Permissions);
            foreach (var attribute in entry.Attributes)
            {
                if (IsWanted(attribute.Key))
                {
                    Require(file.TrySetAttribute(attribute.Key, attribute.Value), attribute.Key, entry);
                }
            }

            file.SetTimes(entry.Modified, entry.Modified);
        }
    }

    private void CopyContent(TarReader reader, FileDescriptor file, long length)
    {
        while (length > 0)
        {
            var count = reader.Read(_buffer.AsSpan(0, (int)Math.Min(length, _buffer.Length)));
            if (count == 0)
            {
                return;
            }

            file.WriteAll(_buffer.AsSpan(0, count));
            length -= count;
        }
    }

    private void WriteHardLink(FileDescriptor parent, FileName name, TarEntry entry)
    {
        var target = EntryPath.Parse(entry.LinkName, "link target");
        using var directory = target.IsRoot ? null : parents.TryOpen(target.Parent);
        if (directory?.TryStatusAt(target.Name) is not { } status)
        {
            throw SampanException.InvalidArgument($"invalid layer: entry \"{entry.Name}\" links to \"{entry.LinkName}\", which is not in the layer");
        }

        if (parent.TryStatusAt(name) is { } existing)
        {
            if (existing.IsSameFile(status))
            {
                return;
            }

            Replace(parent, name);
        }

        parent.TryMakeHardLink(name, directory, target.Name);
    }

    private void Replace(FileDescriptor parent, FileName name)
    {
        FileTree.RemoveAt(parent, name);
        parents.NoteRemoval();
    }
}
