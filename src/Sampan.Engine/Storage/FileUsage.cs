using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>What the files of a tree come to.</summary>
internal static class FileUsage
{
    /// <summary>Adds up the lengths of the regular files below a directory, one with several names once.</summary>
    /// <param name="path">The directory; the engine's own, though its content is a container's. Links in it are not followed.</param>
    /// <returns>Bytes; 0 when there is none.</returns>
    public static long Of(string path)
    {
        using var directory = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        return directory is null ? 0 : Of(directory, []);
    }

    private static long Of(FileDescriptor directory, HashSet<(ulong Device, ulong Inode)> seen)
    {
        long total = 0;
        foreach (var entry in directory.ReadEntries())
        {
            if (directory.TryStatusAt(entry.Name) is not { } status)
            {
                continue;
            }

            if (status.Type == FileType.Regular && (status.Links == 1 || seen.Add((status.Device, status.Inode))))
            {
                total += status.Size;
            }
            else if (status.IsDirectory)
            {
                using var below = directory.TryOpenAt(entry.Name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out _);
                total += below is null ? 0 : Of(below, seen);
            }
        }

        return total;
    }
}
