using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Mounts;
using Sampan.Linux.Quotas;

namespace Sampan.Engine.Storage;

/// <summary>
/// --storage-opt size=: what a container writes belongs to a project of its file system, which the file system keeps within the size. The numbers
/// in use are asked of the file system; the container's directory carries its own, so that whoever deletes it can lift the limit.
/// </summary>
internal static class StorageQuota
{
    private const uint FirstProject = 1 << 20;
    private const uint MostProjects = 1 << 20;

    /// <summary>The size asked for.</summary>
    /// <param name="host">What the host gives.</param>
    /// <returns>Bytes; null when none is asked for.</returns>
    /// <exception cref="SampanException">InvalidArgument: another option, or no size.</exception>
    public static long? SizeOf(HostConfig host)
    {
        long? size = null;
        foreach (var (key, value) in host.StorageOpt ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!key.Equals("size", StringComparison.OrdinalIgnoreCase))
            {
                throw SampanException.InvalidArgument($"unknown option {key}");
            }

            size = LogLimitOptions.ParseMemory("--storage-opt size", value);
        }

        return size;
    }

    /// <summary>Refuses what the file system cannot do.</summary>
    /// <param name="host">What the host gives.</param>
    /// <param name="directory">Where containers are.</param>
    /// <exception cref="SampanException">InvalidArgument: another option, or no size. Unavailable: the file system has no project quotas.</exception>
    public static void Check(HostConfig host, string directory)
    {
        if (SizeOf(host) is null)
        {
            return;
        }

        if (host.Rootfs is not null)
        {
            throw SampanException.InvalidArgument("--storage-opt limits what is written over an image, and --rootfs has none: leave one out");
        }

        using var containers = FileDescriptor.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (!ProjectQuota.IsEnforced(containers))
        {
            throw SampanException.Unavailable(
                $"--storage-opt is supported only for overlay over xfs with 'pquota' mount option, or over ext4 with 'prjquota': {directory} is on {Describe(containers)}");
        }
    }

    /// <summary>Limits a container that is being made.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="directory">The container's directory, with upper and work.</param>
    /// <param name="bytes">Most bytes.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Apply(EnginePaths paths, string directory, long bytes)
    {
        using var held = FileLock.Acquire(paths.Root + "/quota.lock");
        using var head = Open(directory);
        var project = FindFree(head);

        // From here on the number has an inode, and is nobody else's.
        ProjectQuota.Join(head, project, inherits: false);
        foreach (var part in (ReadOnlySpan<string>)["/upper", "/work"])
        {
            using var tree = Open(directory + part);
            ProjectQuota.Join(tree, project, inherits: true);
        }

        ProjectQuota.Limit(head, project, bytes);
    }

    /// <summary>Lifts the limit of a container that is about to be deleted: its number is free when its files are gone.</summary>
    /// <param name="directory">Its directory.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Lift(FileDescriptor directory)
    {
        if (ProjectQuota.HeadOf(directory) is { } project)
        {
            ProjectQuota.Limit(directory, project, 0);
        }
    }

    private static uint FindFree(FileDescriptor directory)
    {
        for (var project = FirstProject; project < FirstProject + MostProjects; project++)
        {
            if (ProjectQuota.IsFree(directory, project))
            {
                return project;
            }
        }

        throw SampanException.Unavailable($"all {MostProjects} project numbers from {FirstProject} on are in use: remove containers made with --storage-opt");
    }

    private static string Describe(FileDescriptor directory) => MountedFileSystem.Of(directory) switch
    {
        { Type: "ext4" } disk => $"ext4 ({disk.Source} on {disk.Target}) without it: tune2fs -O project,quota {disk.Source} while it is not mounted, then mount it with -o prjquota",
        { Type: "xfs" } disk => $"xfs ({disk.Source} on {disk.Target}) without it: mount it with -o pquota",
        { } disk => $"{disk.Type} ({disk.Source} on {disk.Target}), which has no project quotas: use another --root",
        null => "a file system that has no project quotas: use another --root",
    };

    private static FileDescriptor Open(string path) => FileDescriptor.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
}
