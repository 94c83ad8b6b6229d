using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>
/// The layer below every image: the directories and empty files that every container has something mounted on. Without it each start of
/// an image that lacks one of them would make it in the container's writable layer, where it costs a copy-up and ends in a commit.
/// Docker makes such a layer anew for each container; this one is shared.
/// </summary>
internal static class MountpointLayer
{
    private static readonly string[] Directories = ["/dev", "/etc", "/proc", "/sys"];
    private static readonly string[] Files = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

    /// <summary>Makes it where it is not there yet, whole or not at all.</summary>
    /// <param name="path">Its directory.</param>
    public static void Ensure(string path)
    {
        if (Entries.Exists(path))
        {
            return;
        }

        var making = path + ".making";
        using var held = FileLock.Acquire(path + ".lock");
        if (Entries.Exists(path))
        {
            return;
        }

        FileTree.Remove(making);
        Entries.MakeDirectory(making, Entries.PublicDirectory);
        foreach (var directory in Directories)
        {
            Entries.MakeDirectory(making + directory, Entries.PublicDirectory);
        }

        foreach (var file in Files)
        {
            FileDescriptor.Open(making + file, OpenFlags.WriteOnly | OpenFlags.Create, 0x1A4).Dispose();
        }

        Entries.Rename(making, path);
    }
}
