using Sampan.Engine.Volumes;

namespace Sampan.Engine.Containers;

/// <summary>Takes a container off the disk. The caller holds its lock; nothing of it runs any more.</summary>
internal sealed class ContainerRemover(EnginePaths paths, ContainerNames names, VolumeStore volumes)
{
    public void Remove(Container container, bool removeAnonymousVolumes)
    {
        ContainerDirectory.Remove(paths, container.Id);
        names.Release(container.Name, container.Id);
        if (removeAnonymousVolumes)
        {
            volumes.RemoveAnonymous(container.Record.AnonymousVolumes);
        }
    }
}
