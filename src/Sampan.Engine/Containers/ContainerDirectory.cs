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
    /// <returns>
    /// The monitor's lock, taken: while it is held nobody collects the directory. Null when a collector took the directory for a crash's
    /// leaving between its making and its locking: the id is then burnt, since whoever finds the retired directory gives back all names
    /// of that id, also those that a second attempt would have taken meanwhile.
    /// </returns>
    public static FileDescriptor? TryBegin(EnginePaths paths, string id)
    {
        var directory = Creating(paths, id);
        Entries.MakeDirectory(directory, Entries.PrivateDirectory);
        var hold = MonitorLock.TryTakeIn(directory);
        if (hold is not null && FileDescriptor.TryStatus(MonitorLock.PathOf(directory)) is { } status && status.IsSameFile(hold.Status()))
        {
            return hold;
        }

        hold?.Dispose();
        return null;
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

    /// <summary>Renames a directory that was begun and will not be published, or that is to be removed. The caller holds its lock.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="directory">Its present path.</param>
    /// <param name="id">Whose.</param>
    /// <returns>Its new path. Who finds it knows that all of it is to go, whoever began.</returns>
    public static string Retire(EnginePaths paths, string directory, string id)
    {
        var removing = Removing(paths, id);
        Entries.Rename(directory, removing);
        return removing;
    }

    /// <summary>
    /// Takes over what a crash left half-made: retires it unless its maker lives. What is retired already is anybody's.
    /// </summary>
    /// <param name="paths">Where.</param>
    /// <param name="entry">Name of an entry of the containers' directory, with a leading dot.</param>
    /// <param name="id">Whose it was.</param>
    /// <returns>The retired directory's path; null when there is nothing to take over.</returns>
    public static string? TakeOver(EnginePaths paths, string entry, out string id)
    {
        var path = paths.Containers + "/" + entry;
        if (entry.StartsWith(RemovingPrefix, StringComparison.Ordinal))
        {
            id = entry[RemovingPrefix.Length..];
            return path;
        }

        id = "";
        if (!entry.StartsWith(CreatingPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        id = entry[CreatingPrefix.Length..];
        using var hold = MonitorLock.TryTakeIn(path);

        // Between seeing it and having its lock its maker may have published or abandoned it.
        return hold is not null && Entries.TryRename(path, Removing(paths, id)) ? Removing(paths, id) : null;
    }

    /// <summary>Deletes a retired directory.</summary>
    /// <param name="removing">Its path.</param>
    public static void Delete(string removing)
    {
        using var directory = FileDescriptor.TryOpen(removing, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (directory is null)
        {
            return;
        }

        // Two who delete one tree trip over each other; the second leaves it to the first, which dies or finishes.
        if (DirectoryLock.TryTake(directory))
        {
            StorageQuota.Lift(directory);
            FileTree.Remove(removing);
        }
    }

    private static string Removing(EnginePaths paths, string id) => paths.Containers + "/" + RemovingPrefix + id;
}
