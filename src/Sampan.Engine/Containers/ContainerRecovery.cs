using Sampan.Engine.Monitors;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Containers;

/// <summary>
/// Looks after containers whose monitor, or whose run command, was killed. One that runs on, or is to be started again, gets a new monitor.
/// Any other is closed off: what is left of it is killed, what became of it is recorded, and it is removed if it was to go with its exit.
/// Whoever next looks at such a container does it.
/// </summary>
/// <param name="remover">Who removes.</param>
/// <param name="leftovers">Kills what is left of a container and removes its cgroup.</param>
/// <param name="launchMonitor">Starts a monitor for a container's id with its end of the conversation.</param>
internal sealed class ContainerRecovery(
    ContainerRemover remover,
    Action<ContainerRecord> leftovers,
    Func<string, FileDescriptor, LaunchingProcess?> launchMonitor)
{
    /// <summary>Told in a line of what the user of a command is to know; null tells nobody.</summary>
    public Action<string>? Notice { get; set; }

    /// <summary>Collects an entry of the containers' directory that is no container.</summary>
    /// <param name="entry">Its name, with a leading dot.</param>
    public void Collect(string entry) => remover.Collect(entry);

    /// <summary>Looks whether a container needs it and does it. A new monitor is started and not waited for.</summary>
    /// <returns>False when the container is gone.</returns>
    public bool Check(Container container)
    {
        if (!LooksAbandoned(container) || container.HasMonitor)
        {
            return true;
        }

        using var hold = MonitorLock.TryTakeIn(container.Directory);
        if (hold is null)
        {
            return true;
        }

        if (!NeedsMonitor(container))
        {
            return Close(container);
        }

        try
        {
            Start(container, hold).Dispose();
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            // It runs on without one: a command that needs one says the same.
            Notice?.Invoke($"container {container.Name} runs without a monitor, and none can be started: {problem.Message}");
        }

        return true;
    }

    /// <summary>Starts a new monitor and waits until it has taken over. The caller holds the container's lock, which passes to the monitor.</summary>
    /// <param name="container">One that <see cref="NeedsMonitor"/>.</param>
    /// <param name="hold">The lock; not the caller's any more.</param>
    /// <exception cref="SampanException">None could be started, or it could not take over.</exception>
    public void Adopt(Container container, FileDescriptor hold)
    {
        using (hold)
        {
            using var connection = Start(container, hold);
            connection.WaitFor(FrameType.Done, () => $"the new monitor of container {container.Name} died before it had taken over: try again");
        }
    }

    /// <summary>Whether a container goes on, or is to, and only its monitor is missing. The caller holds the lock.</summary>
    public static bool NeedsMonitor(Container container)
    {
        var state = StateFile.ReadRecorded(container.Directory);
        if (!state.Running)
        {
            return false;
        }

        if (ContainerRemains.Of(container, state).AreAlive)
        {
            return true;
        }

        // After the host went down nobody but a boot starts it again.
        return !state.Restarting && ContainerRemains.IsOfThisBoot(state)
            && (StopPromise.TryRead(container.RunDirectory) is { Restart: true }
                || container.HostConfig.RestartPolicy.Wants(ContainerRemains.Ended(container, state), boot: false));
    }

    /// <summary>Closes it off. The caller holds the container's lock: no monitor lives.</summary>
    /// <param name="container">Which; not one that <see cref="NeedsMonitor"/>, or that goes on will be killed.</param>
    /// <returns>False when the container is gone.</returns>
    public bool Close(Container container)
    {
        // Only now, under the lock: what was seen before may have been put right by another command.
        if (!LooksAbandoned(container))
        {
            return Entries.Exists(container.Directory);
        }

        var remove = container.HostConfig.AutoRemove && !IsWaitingToBeStarted(container);
        var recorded = StateFile.ReadRecorded(container.Directory);
        var ended = recorded.Running ? ContainerRemains.Ended(container, recorded) : null;
        var connected = ended is not null && !recorded.Restarting ? remover.Networks.Of(container) : [];
        leftovers(container.Record);
        _ = FileTree.Remove(container.RunDirectory);
        if (ended is not null && !recorded.Restarting)
        {
            TellOfDeath(container, ended);
            foreach (var network in connected)
            {
                container.NetworkEvents.Disconnected(network, container.Id);
            }
        }

        if (remove)
        {
            remover.Remove(container, removeAnonymousVolumes: true);
            return false;
        }

        if (ended is not null)
        {
            StateFile.Write(container.Directory, ended, durable: true);
        }

        return true;
    }

    private static void TellOfDeath(Container container, ContainerState ended)
    {
        var code = ended.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (ended.Error.Length == 0)
        {
            container.Journal.Write(container.Record, "die", ("exitCode", code));
        }
        else
        {
            container.Journal.Write(container.Record, "die", ("error", ended.Error), ("exitCode", code));
        }
    }

    private MonitorConnection Start(Container container, FileDescriptor hold)
    {
        if (container.Config.Tty && !StateFile.ReadRecorded(container.Directory).Restarting)
        {
            Notice?.Invoke($"the monitor of container {container.Name} died, and its terminal with it: the container goes on under a new one, without a terminal");
        }

        // Here already, for the command that shows the container before its new monitor has come to it.
        PendingChange.TryReadTakenBack(container.RunDirectory)?.PutBack(container, remover.Names);
        MonitorSocket.Announce(container.RunDirectory, StateFile.ReadRecorded(container.Directory).SocketNumber);
        using var monitor = new StartingMonitor(container.Id, launchMonitor);
        var connection = monitor.Start(new MonitorRequest { Operation = "adopt" }, hold);

        // From here on the lock is the monitor's alone: when it dies the lock is free.
        hold.Dispose();
        return connection;
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
