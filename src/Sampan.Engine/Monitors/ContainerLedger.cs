using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Networks;
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
    private bool _hasPromise;

    private bool Durable => !container.HostConfig.AutoRemove;

    /// <summary>What is recorded. Nobody else writes it while the monitor has the container's lock.</summary>
    public ContainerState State => _state ??= StateFile.ReadRecorded(container.Directory);

    /// <summary>Listens where commands look for the monitor. What a killed monitor left there goes.</summary>
    public FileDescriptor OpenSocket()
    {
        FileTree.Remove(container.RunDirectory);
        Entries.MakeDirectory(container.RunDirectory, Entries.PrivateDirectory);
        using var directory = FileDescriptor.Open(container.RunDirectory, OpenFlags.Path | OpenFlags.Directory);
        return UnixSocket.Listen(directory, MonitorSocket.Name);
    }

    /// <summary>
    /// The same in the place of a monitor that was killed: under another name first, so that a command finds the dead socket or one that
    /// answers, and none never.
    /// </summary>
    public FileDescriptor TakeOverSocket()
    {
        const string next = MonitorSocket.Name + ".new";
        Entries.MakeDirectory(container.RunDirectory, Entries.PrivateDirectory);
        Entries.RemoveFile(container.RunDirectory + "/" + next);
        using var directory = FileDescriptor.Open(container.RunDirectory, OpenFlags.Path | OpenFlags.Directory);
        var listener = UnixSocket.Listen(directory, next);
        try
        {
            Entries.Rename(container.RunDirectory + "/" + next, container.RunDirectory + "/" + MonitorSocket.Name);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public ILogWriter OpenLog(EventLoop loop) => ContainerLogOpener.Open(container, loop);

    public void RecordStart(StartedProcess process, RestartBackoff restarts) => Write(new ContainerState
    {
        Status = ContainerStatus.Running,
        Pid = process.Pid,
        PidStartTime = ProcessStatus.StartTime(process.Pid),
        BootId = HostBoot.Id,
        StdinPipe = NumberOf(process.Stdin),
        StdoutPipe = NumberOf(process.Stdout),
        StderrPipe = NumberOf(process.Stderr),
        SocketNumber = MonitorSocket.NumberOf(container.RunDirectory),
        StartedAt = DateTimeOffset.UtcNow,
        FinishedAt = State.FinishedAt,
        RestartCount = restarts.Count,
        RestartDelay = restarts.Delay,
        Health = container.Config.Healthcheck?.Runs() == true ? HealthStatus.Starting : "",
    });

    /// <summary>Another monitor died and this one has taken over; who waits for its socket is woken by this too.</summary>
    public void RecordAdoption() => Write(State with
    {
        Adoptions = State.Adoptions + 1,
        SocketNumber = MonitorSocket.NumberOf(container.RunDirectory),
    });

    /// <summary>What is recorded is damaged: it is written again.</summary>
    public void RecordAgain() => Write(State);

    public StopPromise? ReadPromise() => StopPromise.TryRead(container.RunDirectory);

    /// <summary>A stop is under way: should this monitor die, the next one keeps what was promised.</summary>
    public void RecordPromise(StopPromise promise)
    {
        promise.Write(container.RunDirectory);
        _hasPromise = true;
    }

    /// <summary>The life it was about is over.</summary>
    public void ForgetPromise()
    {
        if (_hasPromise)
        {
            StopPromise.Remove(container.RunDirectory);
            _hasPromise = false;
        }
    }

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
    public void RecordRestarting(ContainerEnd end, RestartBackoff restarts, long delay) => Write(Ended(end) with
    {
        Status = ContainerStatus.Restarting,
        BootId = HostBoot.Id,
        RestartCount = restarts.Count,
        RestartDelay = delay,
    });

    /// <summary>The command never ran: docker leaves such a container created, with the reason.</summary>
    public void RecordFailedStart(SampanException error)
    {
        try
        {
            Close(State with
            {
                Status = State.StartedAt == DateTimeOffset.MinValue ? ContainerStatus.Created : ContainerStatus.Exited,
                Pid = 0,
                PidStartTime = 0,
                ExitCode = error.Kind switch { ErrorKind.CommandNotFound => 127, ErrorKind.CommandNotExecutable => 126, _ => 128 },
                Error = error.Message,
            });
        }
        catch (LinuxException)
        {
            // No room to write down why (a full disk is a reason not to start, too): who asked is told, and it is as if it had never been started.
            RemoveSocket();
            hold.Dispose();
        }
    }

    public void RecordEnd(ContainerEnd end, bool stopped) =>
        Close(Ended(end) with { Status = ContainerStatus.Exited, StoppedByCommand = stopped });

    /// <summary>Reads the record again, which a command has changed.</summary>
    public void Reload()
    {
        if (ContainerStore.TryReadRecord(container.Directory, container.Id) is { } record)
        {
            container.Record = record;
        }
    }

    /// <summary>Changes limits, restart policy, ports, mounts and devices: of the running container first, so that what is refused leaves all as it was.</summary>
    /// <param name="change">What is asked for.</param>
    /// <param name="runtime">Who has what runs; null where nothing does.</param>
    /// <exception cref="SampanException">As <see cref="ContainerUpdate.Apply"/>, and what the kernel refuses.</exception>
    public void Update(UpdateRequest change, IContainerRuntime? runtime)
    {
        if (change.ChangesPorts && runtime is not null)
        {
            var after = ContainerUpdate.Apply(container.Record, change);
            runtime.Publish(after.HostConfig, port => PortUpdate.Names(change.PublishRemove, port), () => UpdateRest(change, runtime));
        }
        else
        {
            UpdateRest(change, runtime);
        }
    }

    private void UpdateRest(UpdateRequest change, IContainerRuntime? runtime)
    {
        if (!change.ChangesFiles)
        {
            Rewrite(change, runtime);
            return;
        }

        // From here until the record names its volumes none of them is removed.
        using var held = change.Resolved is null ? null : remover.Volumes.Lock();
        RequireVolumes(change.Resolved);
        var after = ContainerUpdate.Apply(container.Record, change);
        if (runtime is null)
        {
            Rewrite(change, runtime);
        }
        else
        {
            Change(after, change, runtime);
        }
    }

    private void Change(ContainerRecord after, UpdateRequest change, IContainerRuntime runtime)
    {
        var pending = new PendingChange { Before = container.Record, AnonymousVolumes = change.Resolved?.AnonymousVolumes ?? [] };
        using var mark = pending.Begin(container.RunDirectory);
        try
        {
            runtime.Change(after, change, () => Rewrite(change, runtime), mark);
            if (!PendingChange.IsDone(container.RunDirectory))
            {
                pending.PutBack(container, remover.Names);
                runtime.AllowDevices(container.HostConfig);
                throw new SampanException(
                    ErrorKind.Internal, "the process that changes it was killed: what it had mounted by then may still be there, restart the container to be rid of it");
            }
        }
        finally
        {
            PendingChange.Forget(container.RunDirectory);
        }
    }

    /// <summary>Connects the container to one more network, running or between two lives; all or nothing.</summary>
    /// <param name="settings">How.</param>
    /// <param name="runtime">Who has what runs; null where nothing does.</param>
    /// <returns>The network; null where it is recorded for the next life.</returns>
    /// <exception cref="SampanException">As <see cref="ConnectionUpdate.Add"/>, and what stands against it on the host.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkRecord? Connect(EndpointSettings settings, IContainerRuntime? runtime)
    {
        // Before anything is done: it may be there already.
        _ = ConnectionUpdate.Add(container.Record, settings);
        void Record() => remover.Names.Rewrite(container, record => ConnectionUpdate.Add(record, settings));
        if (runtime is not null)
        {
            return runtime.ConnectNetwork(settings, Record);
        }

        Record();
        return null;
    }

    /// <summary>Takes the container off a network.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="runtime">Who has what runs; null where nothing does.</param>
    /// <returns>The network; null where nothing of it was there.</returns>
    /// <exception cref="SampanException">As <see cref="ConnectionUpdate.Remove"/>.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkRecord? Disconnect(string network, IContainerRuntime? runtime)
    {
        var before = container.Record.Endpoints;
        void Record() => remover.Names.Rewrite(container, record => ConnectionUpdate.Remove(record, network));
        void Restore() => remover.Names.Rewrite(container, record => record with { Endpoints = before });
        if (runtime is not null)
        {
            return runtime.DisconnectNetwork(network, Record, Restore);
        }

        Record();
        return null;
    }

    /// <summary>The monitor before was killed while it changed the container: the record says what is true again.</summary>
    /// <param name="runtime">Who has what runs.</param>
    public void SettleChange(IContainerRuntime runtime)
    {
        if (PendingChange.TryReadTakenBack(container.RunDirectory) is { } change)
        {
            change.PutBack(container, remover.Names);
            remover.Volumes.RemoveAnonymous(change.AnonymousVolumes);
            runtime.AllowDevices(container.HostConfig);
            runtime.Publish(container.HostConfig, static _ => false, static () => { });
        }

        PendingChange.Forget(container.RunDirectory);
    }

    private void Rewrite(UpdateRequest change, IContainerRuntime? runtime) => remover.Names.Rewrite(container, record =>
    {
        var after = ContainerUpdate.Apply(record, change);
        if (change.ChangesLimits)
        {
            runtime?.Limit(after.HostConfig);
        }

        return after;
    });

    private void RequireVolumes(ResolvedMounts? resolved)
    {
        foreach (var mount in resolved?.Mounts ?? [])
        {
            if (mount.Name is { } volume)
            {
                _ = remover.Volumes.Find(volume);
            }
        }
    }

    private static long NumberOf(FileDescriptor? pipe) => pipe is null ? 0 : PipeEnd.NumberOf(pipe);

    private ContainerState Ended(ContainerEnd end) => State with
    {
        Pid = 0,
        PidStartTime = 0,
        StdinPipe = 0,
        StdoutPipe = 0,
        StderrPipe = 0,
        SocketNumber = 0,
        ExitCode = end.ExitCode,
        Error = end.Error,
        FinishedAt = end.At,
        OomKilled = end.OutOfMemory,
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
        ForgetPromise();
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        Entries.RemoveDirectory(container.RunDirectory);
    }
}
