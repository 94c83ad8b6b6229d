using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

public sealed partial class VolumeStore
{
    /// <summary>Removes a volume and its content.</summary>
    /// <param name="name">Name.</param>
    /// <param name="force">A volume that is not there is no error.</param>
    /// <exception cref="SampanException">NotFound: there is none. Conflict: a container uses it.</exception>
    public void Remove(string name, bool force = false)
    {
        using var held = Lock();
        RemoveLocked(name, force);
    }

    /// <summary>Removes volumes that were made for one container; one that another container uses by its name stays.</summary>
    internal void RemoveAnonymous(IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            using var held = Lock();
            RemoveLocked(names);
        }
    }

    /// <summary>The same, under the lock the caller holds.</summary>
    internal void RemoveLocked(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                RemoveLocked(name, force: true);
            }
            catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
            {
                continue;
            }
        }
    }

    /// <summary>Removes volumes no container uses, as docker volume prune.</summary>
    /// <param name="all">Those with a name too, not only anonymous ones.</param>
    /// <param name="wanted">Which of them.</param>
    /// <returns>Names and sizes of what was removed.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<(string Name, long Size)> Prune(bool all, Func<Volume, bool> wanted)
    {
        using var held = Lock();
        List<(string Name, long Size)> removed = [];
        foreach (var volume in List())
        {
            if ((all || volume.IsAnonymous) && wanted(volume) && UsersOf(volume.Name).Count == 0)
            {
                var size = TreeSize.Of(volume.Mountpoint);
                RemoveLocked(volume.Name, force: true);
                removed.Add((volume.Name, size));
            }
        }

        return removed;
    }

    private void RemoveLocked(string name, bool force)
    {
        // Asked of the record's name, not its content: a damaged volume can be removed.
        if (!IsValid(name) || !Entries.Exists(DirectoryOf(name) + "/" + RecordName))
        {
            if (force)
            {
                return;
            }

            throw SampanException.NotFound($"get {name}: no such volume");
        }

        var users = UsersOf(name);
        if (users.Count > 0)
        {
            var damaged = containers.Damaged();
            throw SampanException.Conflict(users.Count > damaged.Count
                ? $"remove {name}: volume is in use - [{string.Join(", ", users)}]"
                : $"remove {name}: volume may be in use by container {damaged[0]}, whose record is damaged: "
                    + "remove that container with rm -f, or restore its container.json");
        }

        var removing = paths.Volumes + "/" + RemovingPrefix + name;
        Entries.Rename(DirectoryOf(name), removing);
        Delete(removing);
        Tell("destroy", name);
    }

    private static void Delete(string removing)
    {
        using var directory = FileDescriptor.TryOpen(removing, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (directory is not null && DirectoryLock.TryTake(directory))
        {
            FileTree.Remove(removing);
        }
    }
}
