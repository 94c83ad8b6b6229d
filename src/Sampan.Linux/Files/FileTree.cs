namespace Sampan.Linux.Files;

/// <summary>Whole directories, reached by descriptors only.</summary>
public static class FileTree
{
    private const int DeepestHeld = 64;

    /// <summary>
    /// Removes a file or a directory with everything in it. Never follows a link and never enters another mount: what a container put there
    /// cannot lead outside (CVE-2024-23652).
    /// </summary>
    /// <param name="path">Host path; a link at its end is removed itself.</param>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="LinuxException">A call failed: EBUSY or EXDEV at a mount point, EPERM at an immutable file.</exception>
    public static bool Remove(string path)
    {
        path = path.TrimEnd('/');
        var slash = path.LastIndexOf('/');
        using var parent = FileDescriptor.TryOpen(
            slash > 0 ? path[..slash] : slash == 0 ? "/" : ".",
            OpenFlags.ReadOnly | OpenFlags.Directory);
        return parent is not null && RemoveAt(parent, path[(slash + 1)..]);
    }

    /// <summary>The same for a name of an open directory.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static bool RemoveAt(FileDescriptor parent, FileName name)
    {
        if (parent.TryStatusAt(name) is not { } status)
        {
            return false;
        }

        if (!status.IsDirectory)
        {
            return parent.Unlink(name);
        }

        using (var directory = Enter(parent, name))
        {
            RemoveContent(directory, directory, 0);
        }

        return parent.RemoveDirectory(name);
    }

    /// <summary>Makes a directory and those above it, as mkdir -p.</summary>
    /// <param name="path">Host path.</param>
    /// <param name="permissions">Permission bits of what is made, less the umask.</param>
    /// <exception cref="LinuxException">mkdir(2) failed: ENOTDIR when a part is a file.</exception>
    public static void MakeDirectories(string path, int permissions = 0x1ed)
    {
        using var existing = FileDescriptor.TryOpen(path, OpenFlags.Path | OpenFlags.Directory);
        if (existing is not null)
        {
            return;
        }

        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        if (slash > 0)
        {
            MakeDirectories(trimmed[..slash], permissions);
        }

        using var parent = FileDescriptor.Open(slash > 0 ? trimmed[..slash] : slash == 0 ? "/" : ".", OpenFlags.Path | OpenFlags.Directory);
        if (!parent.TryMakeDirectory(trimmed[(slash + 1)..], permissions))
        {
            // Somebody else made it meanwhile, or it is no directory: opening tells.
            FileDescriptor.Open(path, OpenFlags.Path | OpenFlags.Directory).Dispose();
        }
    }

    /// <summary>The names in a directory of the host.</summary>
    /// <param name="path">Host path.</param>
    /// <returns>The entries; none when the directory is missing.</returns>
    /// <exception cref="LinuxException">open(2) or getdents64(2) failed.</exception>
    public static IReadOnlyList<DirectoryEntry> List(string path)
    {
        using var directory = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return directory is null ? [] : directory.ReadEntries();
    }

    /// <summary>Reads a host file whole.</summary>
    /// <param name="path">Host path.</param>
    /// <param name="limit">Most bytes that are accepted.</param>
    /// <returns>Its bytes, or null when it is not there.</returns>
    /// <exception cref="LinuxException">open(2) or read(2) failed.</exception>
    public static byte[]? TryRead(string path, int limit = 64 << 20)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        return file?.ReadToEnd(limit);
    }

    private static FileDescriptor Enter(FileDescriptor parent, FileName name) =>
        parent.TryOpenBeneath(
            name,
            OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow,
            ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossDevice,
            out var errno)
        ?? throw new LinuxException(errno, "remove", name.ToString());

    private static void RemoveContent(FileDescriptor directory, FileDescriptor top, int depth)
    {
        // Removing while listing may skip names on some file systems: list again until nothing is left.
        for (var entries = directory.ReadEntries(); entries.Count > 0; entries = directory.ReadEntries())
        {
            foreach (var entry in entries)
            {
                var type = entry.Type == FileType.Unknown ? directory.TryStatusAt(entry.Name)?.Type : entry.Type;
                if (type != FileType.Directory)
                {
                    directory.Unlink(entry.Name);
                }
                else if (depth >= DeepestHeld)
                {
                    // One descriptor per level would run out in a tree made deep on purpose: lift the branch to the top, which is listed again.
                    directory.Rename(entry.Name, top, $".removing-{entry.Inode}-{depth}");
                }
                else
                {
                    using (var child = Enter(directory, entry.Name))
                    {
                        RemoveContent(child, top, depth + 1);
                    }

                    directory.RemoveDirectory(entry.Name);
                }
            }
        }
    }
}
