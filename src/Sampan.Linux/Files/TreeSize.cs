namespace Sampan.Linux.Files;

/// <summary>How much the files of a tree take, counted while others may change it.</summary>
public static class TreeSize
{
    // A descriptor per level: trees made deep on purpose must not use them up. What is below counts no more.
    private const int Deepest = 256;

    // statx(2), stx_blocks: always of 512 bytes, whatever the file system's are.
    private const int BlockSize = 512;

    /// <summary>Adds up the sizes of all that is no directory; a file of several names counts once. Follows no link and enters no other mount.</summary>
    /// <param name="path">Host path of a directory.</param>
    /// <returns>Bytes; 0 when it is not there.</returns>
    /// <exception cref="LinuxException">A directory cannot be read.</exception>
    public static long Of(string path)
    {
        using var directory = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        return directory is null ? 0 : Of(directory, [], 0);
    }

    /// <summary>Adds up what a file or a tree has on the disk, directories and all, as du(1) does; a file of several names counts once.</summary>
    /// <param name="path">Host path.</param>
    /// <returns>Bytes of the blocks that are allocated; 0 when it is not there.</returns>
    /// <exception cref="LinuxException">A directory cannot be read.</exception>
    public static long OnDisk(string path)
    {
        if (FileDescriptor.TryStatus(path) is not { } status)
        {
            return 0;
        }

        using var directory = status.IsDirectory ? FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow) : null;
        return Allocated(status) + (directory is null ? 0 : OnDisk(directory, [], 0));
    }

    private static long Allocated(FileStatus status) => status.Blocks * BlockSize;

    private static long OnDisk(FileDescriptor directory, HashSet<(ulong Device, ulong Inode)> seen, int depth)
    {
        var size = 0L;
        foreach (var entry in directory.ReadEntries())
        {
            if (directory.TryStatusAt(entry.Name) is not { } status)
            {
                continue;
            }

            if (status.IsDirectory)
            {
                using var child = depth < Deepest ? TryEnter(directory, entry.Name) : null;
                size += Allocated(status) + (child is null ? 0 : OnDisk(child, seen, depth + 1));
            }
            else if (status.Links <= 1 || seen.Add((status.Device, status.Inode)))
            {
                size += Allocated(status);
            }
        }

        return size;
    }

    private static long Of(FileDescriptor directory, HashSet<(ulong Device, ulong Inode)> seen, int depth)
    {
        var size = 0L;
        foreach (var entry in directory.ReadEntries())
        {
            if (directory.TryStatusAt(entry.Name) is not { } status)
            {
                continue;
            }

            if (!status.IsDirectory)
            {
                size += status.Links <= 1 || seen.Add((status.Device, status.Inode)) ? status.Size : 0;
                continue;
            }

            using var child = depth < Deepest ? TryEnter(directory, entry.Name) : null;
            size += child is null ? 0 : Of(child, seen, depth + 1);
        }

        return size;
    }

    // What was a directory a moment ago may be gone, or a link or a mount now.
    private static FileDescriptor? TryEnter(FileDescriptor directory, FileName name)
    {
        var child = directory.TryOpenBeneath(
            name,
            OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow,
            ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossDevice,
            out var errno);
        return child is null && errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV)
            ? throw new LinuxException(errno, "read", name.ToString())
            : child;
    }
}
