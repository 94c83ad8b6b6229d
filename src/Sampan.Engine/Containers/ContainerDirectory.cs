using Sampan.Engine.Monitors;
using Sampan.Engine.Storage;
using Sampan.Linux.Files;

namespace Sampan.Engine.Containers;

/// <summary>
/// The life of a container's directory: it is made as .creating-ID and renamed to ID when whole, and renamed to .removing-ID before
/// anything in it is deleted. What a crash left under the first and the last name belongs to whoever sees it next.
/// </summary>
internal static class ContainerDirectory
{
    private const string CreatingPrefix = ".creating-";
    private const string RemovingPrefix = ".removing-";

    public static string Creating(EnginePaths paths, string id) => paths.Containers + "/" + CreatingPrefix + id;

    /// <summary>Makes the directory under its first name.</summary>
    /// <returns>The monitor's lock, taken: while it is held nobody collects the directory.</returns>
    public static FileDescriptor Begin(EnginePaths paths, string id)
    {
        var directory = Creating(paths, id);
        while (true)
        {
            Entries.MakeDirectory(directory, Entries.PrivateDirectory);

            // Between making and locking a collector may have taken it for a crash's leaving: then it is gone, or about to go.
            var hold = MonitorLock.TryTakeIn(directory);
            if (hold is not null && FileDescriptor.TryStatus(MonitorLock.PathOf(directory)) is { } status && status.IsSameFile(hold.Status()))
            {
                return hold;
            }

            hold?.Dispose();
        }
    }

    /// <summary>The container is whole: shows it under its id.</summary>
    public static void Publish(EnginePaths paths, string id, bool durable)
    {
        Entries.Rename(Creating(paths, id), paths.Container(id));
        if (durable)
        {
            Entries.SynchronizeDirectory(paths.Containers);
        }
    }

    /// <summary>Removes a directory that was begun and will not be published.</summary>
    public static void Abandon(EnginePaths paths, string id) => Delete(paths, Creating(paths, id), id);

    /// <summary>Removes a container's directory. The caller holds its lock.</summary>
    public static void Remove(EnginePaths paths, string id) => Delete(paths, paths.Container(id), id);

    /// <summary>Collects an entry of the containers' directory that is no container.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="entry">Its name, with a leading dot.</param>
    public static void Collect(EnginePaths paths, string entry)
    {
        var path = paths.Containers + "/" + entry;
        if (entry.StartsWith(RemovingPrefix, StringComparison.Ordinal))
        {
            Delete(path);
        }
        else if (entry.StartsWith(CreatingPrefix, StringComparison.Ordinal))
        {
            using var hold = MonitorLock.TryTakeIn(path);
            if (hold is not null)
            {
                Delete(paths, path, entry[CreatingPrefix.Length..]);
            }
        }
    }

    // The new name first: who finds it knows that all of it is to go, whoever began.
    private static void Delete(EnginePaths paths, string directory, string id)
    {
        var removing = paths.Containers + "/" + RemovingPrefix + id;
        Entries.Rename(directory, removing);
        Delete(removing);
    }

    private static void Delete(string removing)
    {
        using var directory = FileDescriptor.TryOpen(removing, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (directory is null)
        {
            return;
        }

        // Two who delete one tree trip over each other; the second leaves it to the first, which dies or finishes.
        if (DirectoryLock.TryTake(directory))
        {
            FileTree.Remove(removing);
        }
    }
}
