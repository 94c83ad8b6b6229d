using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>
/// Makes one file in a directory that somebody may change meanwhile. Everything is set on the inode that was made, by descriptor, never by
/// name: a name that a container swaps for a link changes nothing elsewhere. A file takes the place of another; a directory and a file do
/// not take each other's (docker's NoOverwriteDirNonDir).
/// </summary>
/// <param name="owner">Who owns what is made.</param>
internal sealed class EntryMaker(CopyOwner owner)
{
    private const OpenFlags NewFile = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
    private readonly byte[] _buffer = new byte[1 << 20];

    /// <summary>Makes a directory, or takes the one that is there, and gives it what the entry says but the times.</summary>
    /// <returns>The directory, open for reading.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a file is in its place.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public FileDescriptor MakeDirectory(FileDescriptor parent, FileName name, TarEntry entry)
    {
        if (!parent.TryMakeDirectory(name, 0x1c0) && parent.TryStatusAt(name) is { IsDirectory: false })
        {
            throw SampanException.InvalidArgument($"cannot overwrite non-directory \"{name}\" with directory \"{entry.Name}\"");
        }

        var directory = parent.TryOpenAt(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var errno)
            ?? throw new LinuxException(errno, "open directory", name.ToString());
        Apply(directory, entry);
        return directory;
    }

    /// <summary>Makes anything but a directory and a hard link.</summary>
    /// <returns>The inode that was made.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a directory is in its place.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public FileStatus Make(FileDescriptor parent, FileName name, TarEntry entry, Stream content)
    {
        if (entry.Type == TarEntryType.Regular)
        {
            return MakeFile(parent, name, entry, content);
        }

        if (!TryMakeNode(parent, name, entry))
        {
            Clear(parent, name, entry);
            if (!TryMakeNode(parent, name, entry))
            {
                throw new LinuxException(Errno.EEXIST, "create", name.ToString());
            }
        }

        using var made = PinnedFile.TryOpen(parent, name) ?? throw new LinuxException(Errno.ENOENT, "open", name.ToString());
        if (made.Status.Type != TypeOf(entry.Type) || made.Status.Links != 1)
        {
            throw Swapped(name);
        }

        if (OwnerOf(entry) is { } ids)
        {
            made.Path.SetPinnedOwner(ids.User, ids.Group);
        }

        if (entry.Type != TarEntryType.SymbolicLink)
        {
            made.Path.SetPinnedPermissions(entry.Permissions);
        }

        made.Path.SetPinnedTimes(entry.Modified, entry.Modified);
        return made.Status;
    }

    /// <summary>Makes a further name of a file that was made before.</summary>
    /// <param name="parent">Where.</param>
    /// <param name="name">The new name.</param>
    /// <param name="directory">Directory of the first name.</param>
    /// <param name="target">The first name.</param>
    /// <param name="entry">For messages.</param>
    /// <param name="made">What the first name must still be; null where that is not known.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void MakeHardLink(FileDescriptor parent, FileName name, FileDescriptor directory, FileName target, TarEntry entry, FileStatus? made)
    {
        if (!parent.TryMakeHardLink(name, directory, target))
        {
            Clear(parent, name, entry);
            parent.TryMakeHardLink(name, directory, target);
        }

        if (made is { } first && parent.TryStatusAt(name)?.IsSameFile(first) != true)
        {
            parent.Unlink(name);
            throw Swapped(name);
        }
    }

    /// <summary>Sets owner, mode and attributes; the owner first, since that clears set-id bits and capabilities (chown(2)).</summary>
    public void Apply(FileDescriptor file, TarEntry entry)
    {
        if (OwnerOf(entry) is { } ids)
        {
            file.SetOwner(ids.User, ids.Group);
        }

        file.SetPermissions(entry.Permissions);
        foreach (var attribute in entry.Attributes)
        {
            // What this file system or the caller's rights cannot express is left out, as by docker and tar.
            if (!attribute.Key.Bytes.StartsWith("trusted.overlay."u8)
                && file.TrySetAttribute(attribute.Key, attribute.Value) is not (Errno.None or Errno.EOPNOTSUPP or Errno.EPERM) and var errno)
            {
                throw new LinuxException(errno, $"set attribute {attribute.Key}", entry.Name.ToString());
            }
        }
    }

    private static bool TryMakeNode(FileDescriptor parent, FileName name, TarEntry entry) => entry.Type == TarEntryType.SymbolicLink
        ? parent.TryMakeSymbolicLink(name, entry.LinkName)
        : parent.TryMakeNode(name, TypeOf(entry.Type), 0, entry.DeviceMajor, entry.DeviceMinor);

    private static FileType TypeOf(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink => FileType.SymbolicLink,
        TarEntryType.CharacterDevice => FileType.CharacterDevice,
        TarEntryType.BlockDevice => FileType.BlockDevice,
        _ => FileType.Fifo,
    };

    private static void Clear(FileDescriptor parent, FileName name, TarEntry entry)
    {
        var status = parent.TryStatusAt(name);
        if (status is { IsMountRoot: true })
        {
            // In the container's own mount namespace the kernel would say so; from here it would take the mount away (unlink(2), Linux 3.18).
            throw new LinuxException(Errno.EBUSY, "unlink", entry.Name.ToString());
        }

        if (status is { IsDirectory: true })
        {
            throw SampanException.InvalidArgument($"cannot overwrite directory \"{name}\" with non-directory \"{entry.Name}\"");
        }

        parent.Unlink(name);
    }

    private static SampanException Swapped(FileName name) =>
        SampanException.Conflict($"\"{name}\" was replaced by somebody else during the copy: copy again when nobody writes there");

    private (uint User, uint Group)? OwnerOf(TarEntry entry)
    {
        if (owner.KeepIds)
        {
            return (entry.UserId, entry.GroupId);
        }

        return owner is { UserId: { } user, GroupId: { } group } ? (user, group) : null;
    }

    private FileStatus MakeFile(FileDescriptor parent, FileName name, TarEntry entry, Stream content)
    {
        var file = parent.TryOpenAt(name, NewFile, 0x180, out var errno);
        if (errno is Errno.EEXIST or Errno.EISDIR)
        {
            Clear(parent, name, entry);
            file = parent.TryOpenAt(name, NewFile, 0x180, out errno);
        }

        using (file ?? throw new LinuxException(errno, "create", name.ToString()))
        {
            var whole = false;
            try
            {
                WriteContent(file, entry, content);
                Apply(file, entry);
                file.SetTimes(entry.Modified, entry.Modified);
                whole = true;
                return file.Status();
            }
            finally
            {
                if (!whole && parent.TryStatusAt(name)?.IsSameFile(file.Status()) == true)
                {
                    // A full disk, or an archive cut off: half a file is worse than none, and its space is wanted.
                    parent.Unlink(name);
                }
            }
        }
    }

    private void WriteContent(FileDescriptor file, TarEntry entry, Stream content)
    {
        if (entry.Extents is null)
        {
            Copy(file, content, long.MaxValue);
            return;
        }

        foreach (var extent in entry.Extents)
        {
            file.Seek(extent.Offset, SeekOrigin.Begin);
            Copy(file, content, extent.Length);
        }

        file.SetLength(entry.Size);
    }

    private void Copy(FileDescriptor file, Stream content, long length)
    {
        while (length > 0)
        {
            var count = content.Read(_buffer.AsSpan(0, (int)Math.Min(length, _buffer.Length)));
            if (count == 0)
            {
                return;
            }

            file.WriteAll(_buffer.AsSpan(0, count));
            length -= count;
        }
    }
}
