using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Volumes;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

internal sealed partial class StateCheck
{
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
        var container = new Container(paths, record);
        if (!HealthFile.IsWhole(directory))
        {
            Add(
                $"container {record.Name}", "its health results are damaged", "remove them: the next check makes them anew",
                () => FileTree.Remove(HealthFile.PathOf(directory)));
        }

        if (StateFile.TryReadRecorded(directory) is not { } state)
        {
            var remedy = MonitorSocket.Answers(container.RunDirectory) ? "let its monitor write it again" : "record it as exited with code 255";
            Add($"container {record.Name}", "its state is damaged", remedy, () => RepairState(container));
            return;
        }

        if (UnreachableMonitor.Is(container))
        {
            Add(
                $"container {record.Name}", $"nobody can reach its monitor: {container.RunDirectory} has no socket of it", "start another in its place",
                () => ReplaceMonitor(container));
            return;
        }

        if (state.Running && !MonitorLock.IsHeld(directory) && StateFile.ReadRecorded(directory).Running)
        {
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
                AddLayer(record, layer);
            }
        }

        foreach (var mount in record.Mounts)
        {
            if (mount is { Type: "volume", Name: { } name } && FileDescriptor.TryStatus(mount.Source) is null)
            {
                Add(
                    $"container {record.Name}", $"its volume {name} is missing", "make the volume anew, empty",
                    () => volumes.Create(new VolumeCreateRequest { Name = name }));
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

    private void AddLayer(ContainerRecord record, string layer)
    {
        if (Digest.IsValid(Digest.Prefix + layer) && images.CanRestoreLayer(layer))
        {
            Add($"container {record.Name}", $"its layer {layer} is missing", "unpack its blob again", () => images.RestoreLayer(layer));
        }
        else
        {
            Add($"container {record.Name}", $"its layer {layer} is missing: load image {record.Config.Image} again, or remove the container", null, null);
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

    private void RepairState(Container container)
    {
        if (MonitorSocket.TryConnect(container.RunDirectory) is { } connection)
        {
            using (connection)
            {
                connection.SendRequest(new MonitorRequest { Operation = "record" });
                connection.WaitFor(FrameType.Done, () => $"the monitor of container {container.Name} died: repair again");
            }

            return;
        }

        using var hold = MonitorLock.TryTakeIn(container.Directory)
            ?? throw SampanException.Conflict($"container {container.Name} still has a monitor: kill it, then repair again");

        // Which process was the container's nobody knows any more: what is left in its group is killed.
        if (recovery.Close(container))
        {
            var ended = new ContainerState { Status = ContainerStatus.Exited, ExitCode = ContainerState.UnknownExit, Error = "state damaged" };
            StateFile.Write(container.Directory, ended with { FinishedAt = DateTimeOffset.UtcNow }, durable: true);
        }
    }

    private void ReplaceMonitor(Container container)
    {
        if (UnreachableMonitor.Is(container))
        {
            _ = UnreachableMonitor.End(paths, container);
        }

        recovery.Check(container);
    }
}
