using Sampan.Engine.Networks;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;

namespace Sampan.Engine.Containers;

/// <summary>
/// Takes containers off the disk. A retired directory is the journal: name and volumes go while it still tells whose they were, so that
/// whoever comes after a crash can finish.
/// </summary>
internal sealed class ContainerRemover(EnginePaths paths, ContainerNames names, VolumeStore volumes)
{
    private const string VolumesToo = "/remove-volumes";

    /// <summary>Who has which name.</summary>
    public ContainerNames Names => names;

    /// <summary>The volumes.</summary>
    public VolumeStore Volumes => volumes;

    /// <summary>The networks.</summary>
    public NetworkStore Networks => new(paths);

    /// <summary>Removes a container. The caller holds its lock; nothing of it runs any more.</summary>
    public void Remove(Container container, bool removeAnonymousVolumes)
    {
        var anonymous = removeAnonymousVolumes ? container.Record.AnonymousVolumes : [];
        if (anonymous.Count > 0)
        {
            RecordFile.Replace(container.Directory + VolumesToo, [], durable: false);
        }

        var removing = ContainerDirectory.Retire(paths, container.Directory, container.Id);
        if (container.IsDamaged)
        {
            names.ReleaseAllOf(container.Id);
        }
        else
        {
            names.ReleaseOf(container.Record, removing);
        }

        volumes.RemoveAnonymous(anonymous);
        ContainerDirectory.Delete(removing);
        container.Journal.Write(container.Record, "destroy");
    }

    /// <summary>Undoes a creation that failed. The caller holds its lock.</summary>
    public void Abandon(string id) => Finish(ContainerDirectory.Retire(paths, ContainerDirectory.Creating(paths, id), id), id);

    /// <summary>Collects an entry of the containers' directory that a crash left half-made or half-removed.</summary>
    /// <param name="entry">Its name, with a leading dot.</param>
    public void Collect(string entry)
    {
        if (ContainerDirectory.TakeOver(paths, entry, out var id) is { } removing)
        {
            Finish(removing, id);
        }
    }

    private void Finish(string removing, string id)
    {
        names.ReleaseAllOf(id);
        if (Entries.Exists(removing + VolumesToo) && ContainerStore.TryReadRecord(removing, id) is { } record)
        {
            volumes.RemoveAnonymous(record.AnonymousVolumes);
        }

        ContainerDirectory.Delete(removing);
    }
}
