using Sampan.Engine.Monitors;
using Sampan.Engine.Storage;
using Sampan.Linux.Files;

namespace Sampan.Engine.Containers;

/// <summary>
/// Closes off containers whose monitor, or whose run command, was killed: kills what is left of them, records what became of them, and
/// removes those that were to go with their exit. Whoever next looks at such a container does it.
/// </summary>
/// <param name="remover">Who removes.</param>
/// <param name="leftovers">Kills what is left of a container and removes its cgroup.</param>
internal sealed class ContainerRecovery(ContainerRemover remover, Action<ContainerRecord> leftovers)
{
    /// <summary>Collects an entry of the containers' directory that is no container.</summary>
    /// <param name="entry">Its name, with a leading dot.</param>
    public void Collect(string entry) => remover.Collect(entry);

    /// <summary>Looks whether a container needs it and does it.</summary>
    /// <returns>False when the container is gone.</returns>
    public bool Check(Container container)
    {
        if (!LooksAbandoned(container) || MonitorLock.IsHeld(container.Directory))
        {
            return true;
        }

        using var hold = MonitorLock.TryTakeIn(container.Directory);
        return hold is null || Close(container, StateFile.MonitorDied);
    }

    /// <summary>Does it. The caller holds the container's lock: no monitor lives.</summary>
    /// <param name="container">Which.</param>
    /// <param name="end">What a container that was running has become.</param>
    /// <returns>False when the container is gone.</returns>
    public bool Close(Container container, Func<ContainerState, ContainerState> end)
    {
        // Only now, under the lock: what was seen before may have been put right by another command.
        if (!LooksAbandoned(container))
        {
            return Entries.Exists(container.Directory);
        }

        var remove = container.HostConfig.AutoRemove && !IsWaitingToBeStarted(container);
        leftovers(container.Record);
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        Entries.RemoveDirectory(container.RunDirectory);
        if (remove)
        {
            remover.Remove(container, removeAnonymousVolumes: true);
            return false;
        }

        var state = StateFile.ReadRecorded(container.Directory);
        if (state.Running)
        {
            StateFile.Write(container.Directory, end(state) with { FinishedAt = DateTimeOffset.UtcNow }, durable: true);
        }

        return true;
    }

    private static bool LooksAbandoned(Container container) =>
        StateFile.ReadRecorded(container.Directory).Running
        || Entries.Exists(container.RunDirectory)
        || (container.HostConfig.AutoRemove && !Entries.Exists(StateFile.PathOf(container.Directory)));

    /// <summary>Made by create and not by run: its state was recorded although it never ran.</summary>
    private static bool IsWaitingToBeStarted(Container container) =>
        FileDescriptor.TryStatus(StateFile.PathOf(container.Directory)) is not null
        && StateFile.ReadRecorded(container.Directory).Status == ContainerStatus.Created
        && !Entries.Exists(container.RunDirectory);
}
