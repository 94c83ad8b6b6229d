using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>What a monitor leaves on disk: the socket's directory, the log, the state, and in the end the exit or nothing at all (--rm).</summary>
/// <param name="container">The container.</param>
/// <param name="remover">Who removes it.</param>
/// <param name="hold">The container's lock; let go when all is recorded.</param>
internal sealed class ContainerLedger(Container container, ContainerRemover remover, FileDescriptor hold)
{
    private ContainerState? _state;

    private bool Durable => !container.HostConfig.AutoRemove;

    // Nobody else writes it while the monitor has the container's lock.
    private ContainerState State => _state ??= StateFile.ReadRecorded(container.Directory);

    /// <summary>Listens where commands look for the monitor. What a killed monitor left there goes.</summary>
    public FileDescriptor OpenSocket()
    {
        Entries.MakeDirectory(container.RunDirectory, Entries.PrivateDirectory);
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        using var directory = FileDescriptor.Open(container.RunDirectory, OpenFlags.Path | OpenFlags.Directory);
        return UnixSocket.Listen(directory, MonitorSocket.Name);
    }

    public ILogWriter OpenLog(EventLoop loop) => ContainerLogOpener.Open(container, loop);

    public void RecordStart(int pid, int restartCount) => Write(new ContainerState
    {
        Status = ContainerStatus.Running,
        Pid = pid,
        PidStartTime = ProcessStatus.StartTime(pid),
        StartedAt = DateTimeOffset.UtcNow,
        FinishedAt = State.FinishedAt,
        RestartCount = restartCount,
        Health = container.Config.Healthcheck?.Runs() == true ? HealthStatus.Starting : "",
    });

    public void RecordPause(bool paused) => Write(State with { Status = paused ? ContainerStatus.Paused : ContainerStatus.Running });

    /// <summary>A command wants it to end.</summary>
    public void RecordStop() => Write(State with { StoppedByCommand = true });

    public void RecordOutOfMemory() => Write(State with { OomKilled = true });

    public void RecordHealth(ContainerHealth health, bool changed)
    {
        HealthFile.Write(container.Directory, health);
        if (changed)
        {
            Write(State with { Health = health.Status });
        }
    }

    /// <summary>It ended and its monitor will start it again.</summary>
    public void RecordRestarting(int exitCode, bool outOfMemory, int restartCount) =>
        Write(Ended(exitCode, outOfMemory) with { Status = ContainerStatus.Restarting, RestartCount = restartCount });

    /// <summary>The command never ran: docker leaves such a container created, with the reason.</summary>
    public void RecordFailedStart(SampanException error) => Close(State with
    {
        Status = State.StartedAt == DateTimeOffset.MinValue ? ContainerStatus.Created : ContainerStatus.Exited,
        Pid = 0,
        PidStartTime = 0,
        ExitCode = error.Kind switch { ErrorKind.CommandNotFound => 127, ErrorKind.CommandNotExecutable => 126, _ => 128 },
        Error = error.Message,
    });

    public void RecordEnd(int exitCode, bool outOfMemory, bool stopped) =>
        Close(Ended(exitCode, outOfMemory) with { Status = ContainerStatus.Exited, StoppedByCommand = stopped });

    /// <summary>Reads the record again, which a command has changed.</summary>
    public void Reload()
    {
        if (ContainerStore.TryReadRecord(container.Directory, container.Id) is { } record)
        {
            container.Record = record;
        }
    }

    /// <summary>Changes limits and restart policy: of the running container first, so that what is refused leaves all as it was.</summary>
    /// <param name="change">What is asked for.</param>
    /// <param name="limit">Sets the limits of what runs; null where nothing does.</param>
    /// <exception cref="SampanException">As <see cref="ContainerUpdate.Merge"/>, and what the kernel refuses.</exception>
    public void Update(UpdateRequest change, Action<HostConfig>? limit) => remover.Names.Rewrite(container, record =>
    {
        var merged = ContainerUpdate.Merge(record, change);
        limit?.Invoke(merged);
        return record with { HostConfig = merged };
    });

    private ContainerState Ended(int exitCode, bool outOfMemory) => State with
    {
        Pid = 0,
        PidStartTime = 0,
        ExitCode = exitCode,
        FinishedAt = DateTimeOffset.UtcNow,
        OomKilled = outOfMemory,
        Health = State.Health.Length > 0 ? HealthStatus.Unhealthy : "",
    };

    private void Write(ContainerState state)
    {
        StateFile.Write(container.Directory, state, Durable);
        _state = state;
    }

    private void Close(ContainerState state)
    {
        if (container.HostConfig.AutoRemove)
        {
            RemoveSocket();
            remover.Remove(container, removeAnonymousVolumes: true);
        }
        else
        {
            Write(state);
            RemoveSocket();
        }

        hold.Dispose();
    }

    private void RemoveSocket()
    {
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        Entries.RemoveDirectory(container.RunDirectory);
    }
}
