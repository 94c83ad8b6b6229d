using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Volumes;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>Reads every record of the state and finds what is damaged, and what belongs to nobody. Changes nothing.</summary>
/// <param name="paths">Where.</param>
/// <param name="images">The images.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="recovery">Who looks after containers without a monitor.</param>
/// <param name="digests">Compares all blobs with their digests too, which reads all of them.</param>
internal sealed class StateCheck(EnginePaths paths, ImageStore images, VolumeStore volumes, ContainerRecovery recovery, bool digests)
{
    private readonly List<StateProblem> _problems = [];
    private readonly ContainerNames _names = new(paths);
    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);
    private bool _anyDamaged;

    /// <summary>Checks all.</summary>
    /// <returns>What was found, containers first.</returns>
    public IReadOnlyList<StateProblem> Run()
    {
        foreach (var entry in FileTree.List(paths.Containers))
        {
            if (entry.Name.Bytes[0] != (byte)'.')
            {
                CheckContainer(entry.Name.ToString());
            }
        }

        CheckNames();
        CheckVolumes();
        CheckRunDirectories();
        CheckImages();
        CheckContent();
        return _problems;
    }

    private void CheckContainer(string id)
    {
        var directory = paths.Container(id);
        _containers.Add(id);
        try
        {
            if (ContainerStore.TryReadRecord(directory, id) is not { } record)
            {
                _anyDamaged = true;
                Add($"container {id}", "has no record", "remove it", () => RemoveContainer(id));
                return;
            }

            CheckState(record, directory);
            CheckParts(record);
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.Internal)
        {
            _anyDamaged = true;
            Add($"container {id}", "its record is damaged", "remove it", () => RemoveContainer(id));
        }
    }

    private void CheckState(ContainerRecord record, string directory)
    {
        if (StateFile.TryReadRecorded(directory) is not { } state)
        {
            Add(
                $"container {record.Name}",
                "its state is damaged",
                "record it as exited with code 255",
                () => StateFile.Write(directory, new ContainerState { Status = ContainerStatus.Exited, ExitCode = 255, Error = "state damaged", FinishedAt = DateTimeOffset.UtcNow }, durable: true));
            return;
        }

        if (state.Running && !MonitorLock.IsHeld(directory) && StateFile.ReadRecorded(directory).Running)
        {
            var container = new Container(paths, record);
            var (problem, remedy) = ContainerRecovery.NeedsMonitor(container)
                ? ("has no monitor: it was killed", "start a new one, which takes over")
                : ("ended while it had no monitor", "record its end");
            Add($"container {record.Name}", problem, remedy, () => recovery.Check(container));
        }
    }

    private void CheckParts(ContainerRecord record)
    {
        foreach (var layer in record.Layers)
        {
            _layers.Add(layer);
            if (FileDescriptor.TryStatus(paths.Layers + "/" + layer) is not { IsDirectory: true })
            {
                Add($"container {record.Name}", $"its layer {layer} is missing: load image {record.Config.Image} again, or remove the container", null, null);
            }
        }

        foreach (var mount in record.Mounts)
        {
            if (mount is { Type: "volume", Name: { } name } && FileDescriptor.TryStatus(mount.Source) is null)
            {
                Add($"container {record.Name}", $"its volume {name} is missing", "make the volume anew, empty", () => volumes.Create(new VolumeCreateRequest { Name = name }));
            }
        }

        if (_names.Find(record.Name) != record.Id)
        {
            Add($"container {record.Name}", "does not have its name", "give it back", () =>
            {
                _names.RemoveDamaged(record.Name);
                _names.Take(record.Name, record.Id);
            });
        }
    }

    private void CheckNames()
    {
        foreach (var entry in FileTree.List(paths.Names))
        {
            var name = entry.Name.ToString();
            var owner = _names.Find(name);
            if (owner is not null && !_containers.Contains(owner))
            {
                Add($"name {name}", $"belongs to container {owner}, which is not there", "give it free", () => _names.Release(name, owner));
            }
            else if (owner is null && !_names.IsLink(name))
            {
                Add($"name {name}", "is no link to a container", "remove it", () => _names.RemoveDamaged(name));
            }
        }
    }

    private void CheckVolumes()
    {
        foreach (var entry in FileTree.List(paths.Volumes))
        {
            var name = entry.Name.ToString();
            if (name[0] == '.')
            {
                continue;
            }

            try
            {
                if (volumes.TryFind(name) is null)
                {
                    Add($"volume {name}", "has no record", "record it as a volume; its data stays", () => volumes.Create(new VolumeCreateRequest { Name = name }));
                }
            }
            catch (SampanException problem) when (problem.Kind == ErrorKind.Internal)
            {
                Add($"volume {name}", "its record is damaged", "record it anew without labels and options; its data stays", () =>
                {
                    FileTree.Remove($"{paths.Volumes}/{name}/volume.json");
                    volumes.Create(new VolumeCreateRequest { Name = name });
                });
            }
        }
    }

    private void CheckRunDirectories()
    {
        foreach (var entry in FileTree.List(paths.State))
        {
            var id = entry.Name.ToString();
            if (ContainerId.IsFull(id) && !_containers.Contains(id))
            {
                Add($"run directory {id}", "belongs to no container", "remove it", () => FileTree.Remove(paths.Run(id)));
            }
        }
    }

    private void CheckImages()
    {
        try
        {
            foreach (var (image, problem) in images.Check())
            {
                Add(image, problem, null, null);
            }
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Internal or ErrorKind.InvalidArgument)
        {
            Add("images", problem.Message, null, null);
        }
    }

    private void CheckContent()
    {
        // What a container uses whose record is damaged nobody knows: nothing is an orphan before that is repaired.
        if (!_anyDamaged && images.FindOrphans(_layers) is { } orphans)
        {
            foreach (var blob in orphans.Blobs)
            {
                Add($"blob {blob}", "belongs to no image", "remove it", RemoveOrphans);
            }

            foreach (var layer in orphans.Layers)
            {
                Add($"layer {layer}", "belongs to no image and no container", "remove it", RemoveOrphans);
            }
        }

        foreach (var blob in digests ? images.FindWrongDigests() : [])
        {
            Add($"blob {blob}", "its content is not what its digest says: remove the image it belongs to (rmi), and load that again", null, null);
        }
    }

    // All at once, with what the first problem of this kind found: a second time there is nothing left.
    private void RemoveOrphans()
    {
        if (images.FindOrphans(_layers, remove: true) is null)
        {
            throw SampanException.Conflict("somebody is writing images: repair again when that is done");
        }
    }

    private void RemoveContainer(string id)
    {
        using var hold = MonitorLock.TryTakeIn(paths.Container(id))
            ?? throw SampanException.Conflict($"container {id} still has a monitor: kill it, then repair again");
        ContainerDirectory.Delete(ContainerDirectory.Retire(paths, paths.Container(id), id));
        foreach (var entry in FileTree.List(paths.Names))
        {
            if (_names.Find(entry.Name.ToString()) == id)
            {
                _names.Release(entry.Name.ToString(), id);
            }
        }
    }

    private void Add(string what, string problem, string? remedy, Action? repair) => _problems.Add(new(what, problem, remedy, repair));
}
