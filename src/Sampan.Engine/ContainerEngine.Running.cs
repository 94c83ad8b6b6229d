using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    internal const int DefaultStopTimeout = 10;

    /// <summary>Attaches to a running container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">Which streams.</param>
    /// <returns>The connection; its last frame is <see cref="FrameType.Exited"/>. Disposing it detaches.</returns>
    /// <exception cref="SampanException">Conflict: it does not run.</exception>
    public MonitorConnection Attach(Container container, AttachRequest request)
    {
        var connection = TryConnect(container)
            ?? throw SampanException.Conflict("You cannot attach to a stopped container, start it first");
        return Ask(
            connection,
            new MonitorRequest { Operation = "attach", Stdin = request.Stdin, Stdout = request.Stdout, Stderr = request.Stderr },
            FrameType.Started,
            container);
    }

    /// <summary>Runs a further process in a running container and returns once it runs.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">What to run.</param>
    /// <returns>The connection; its last frame is <see cref="FrameType.Exited"/>. Disposing it detaches; the process runs on.</returns>
    /// <exception cref="SampanException">Conflict: it does not run. CommandNotFound, CommandNotExecutable and others: the start failed.</exception>
    public MonitorConnection Exec(Container container, ExecRequest request)
    {
        var connection = TryConnect(container) ?? throw NotRunning(container);
        return Ask(
            connection,
            new MonitorRequest
            {
                Operation = "exec",
                Cmd = request.Cmd,
                Detach = request.Detach,
                Stdin = request.Stdin,
                Tty = request.Tty,
                Rows = request.Rows,
                Columns = request.Columns,
                Env = request.Env,
                WorkingDir = request.WorkingDir,
                User = request.User,
                Privileged = request.Privileged,
            },
            FrameType.Started,
            container);
    }

    /// <summary>Waits for the end of a container; one that does not run has ended.</summary>
    /// <param name="container">Which.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="SampanException">NotFound: it is removed.</exception>
    public int Wait(Container container)
    {
        while (ConnectToEnd(container) is { } connection)
        {
            using (connection)
            {
                connection.SendRequest(new MonitorRequest { Operation = "wait" });
                if (connection.WaitForExit() is { } exitCode)
                {
                    return exitCode;
                }
            }

            // Its monitor died, and the next one is asked; or it ended just before.
        }

        return Containers.Find(container.Id).State.ExitCode;
    }

    /// <summary>Sends a signal to a container's command.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Number of the signal.</param>
    /// <exception cref="SampanException">Conflict: it does not run. InvalidArgument: there is no such signal.</exception>
    public void Signal(Container container, int signal)
    {
        using var sent = BeginSignal(container, signal);
        sent.Wait();
    }

    /// <summary>The same without waiting for its effect, so that several containers can be killed at once.</summary>
    /// <inheritdoc cref="Signal"/>
    /// <returns>What waits for it; a signal that is not waited for is sent all the same.</returns>
    public SentSignal BeginSignal(Container container, int signal) => TryConnect(container) is { } connection
        ? new(container, connection, signal)
        : throw SentSignal.Undelivered(container, NotRunning(container));

    /// <summary>Stops a container: its stop signal, then SIGKILL. Returns when it has ended; one that does not run is no error.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Another signal than the container's own; null is its own.</param>
    /// <param name="timeoutSeconds">Another time than the container's own; -1 waits without end, null is its own.</param>
    /// <param name="warn">Told at once where the signal will do nothing and the time be waited for in vain.</param>
    public void Stop(Container container, int? signal = null, int? timeoutSeconds = null, Action<string>? warn = null)
    {
        using var ending = BeginStop(container, signal, timeoutSeconds, warn);
        ending.Wait();
    }

    /// <summary>The same without waiting for the end, so that several containers can be stopped at once.</summary>
    /// <inheritdoc cref="Stop"/>
    /// <returns>What waits for the end; one that is not waited for is stopped all the same.</returns>
    public ContainerEnding BeginStop(Container container, int? signal = null, int? timeoutSeconds = null, Action<string>? warn = null)
    {
        var request = StopRequest(container, "stop", signal, timeoutSeconds);
        Warn(container, request, warn);
        return BeginEnd(container, request);
    }

    /// <summary>Kills a container that is to be removed, without waiting for its end.</summary>
    /// <param name="container">Which; one that does not run is no error.</param>
    /// <returns>What waits for the end.</returns>
    public ContainerEnding BeginRemoval(Container container) =>
        BeginEnd(container, new MonitorRequest { Operation = "stop", Unnamed = true, Signal = SigKill, Timeout = -1 });

    /// <summary>Stops a container where it runs, and starts it; one made with --rm is not removed in between.</summary>
    /// <inheritdoc cref="Stop"/>
    /// <exception cref="SampanException">The start failed, in words for the user.</exception>
    public void Restart(Container container, int? signal = null, int? timeoutSeconds = null, Action<string>? warn = null)
    {
        var request = StopRequest(container, "restart", signal, timeoutSeconds);
        var begun = DateTimeOffset.UtcNow;
        Warn(container, request, warn);
        while (ConnectToEnd(container) is { } connection)
        {
            using (connection)
            {
                if (TryRestart(connection, request, container) is { } done)
                {
                    if (done)
                    {
                        return;
                    }

                    break;
                }
            }

            // Its monitor died. It may have been done by then; else the next one goes on with it.
            if (container.State is { Status: ContainerStatus.Running } state && state.StartedAt > begun)
            {
                return;
            }

            request = request with { Again = true };
        }

        Start(container, new()).Dispose();
        container.Journal.Write(container.Record, "restart");
    }

    /// <summary>Stops all its processes where they are, until they are told to go on.</summary>
    /// <param name="container">Which.</param>
    /// <exception cref="SampanException">Conflict: it does not run, or stands still already. Unavailable: the host cannot.</exception>
    public void Pause(Container container) => Request(container, "pause", () => NotRunning(container));

    /// <summary>Lets the processes of a paused container go on.</summary>
    /// <param name="container">Which.</param>
    /// <exception cref="SampanException">Conflict: it is not paused.</exception>
    public void Unpause(Container container) => Request(container, "unpause", () => SampanException.Conflict($"Container {container.Id} is not paused"));

    /// <summary>Removes a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SampanException">Conflict: it runs and force was not asked for.</exception>
    public void Remove(Container container, RemoveOptions options)
    {
        FileDescriptor? hold;
        try
        {
            while ((hold = container.Hold ?? TakeUnlessRunning(container)) is null)
            {
                if (!options.Force)
                {
                    throw StillRuns(container);
                }

                using var ending = BeginRemoval(container);
                ending.Wait();
            }
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.NotFound && container.HostConfig.AutoRemove)
        {
            // Its monitor removed it when it ended: that is what was asked for.
            return;
        }

        using (hold)
        {
            container.Hold = null;
            if (_recovery.Close(container))
            {
                _remover.Remove(container, options.Volumes || container.HostConfig.AutoRemove);
            }
        }
    }

    private static SampanException NotRunning(Container container) => SampanException.Conflict($"container {container.Id} is not running");

    private static MonitorConnection Ask(MonitorConnection connection, MonitorRequest request, FrameType answer, Container container)
    {
        try
        {
            connection.SendRequest(request);
            connection.WaitFor(answer, () => MonitorConnection.Unanswered(container));
            return connection;
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            connection.Dispose();
            throw;
        }
    }

    private static SampanException StillRuns(Container container)
    {
        var status = StateFile.ReadRecorded(container.Directory).StatusName;
        return SampanException.Conflict(status == "paused"
            ? $"cannot remove container \"/{container.Name}\": container is paused and must be unpaused first"
            : $"cannot remove container \"/{container.Name}\": container is {status}: stop the container before removing or force remove");
    }

    private static MonitorRequest StopRequest(Container container, string operation, int? signal, int? timeoutSeconds) => new()
    {
        Operation = operation,
        Signal = signal ?? (container.Config.StopSignal is { Length: > 0 } name ? SignalNames.TryParse(name) ?? SigTerm : SigTerm),
        Timeout = timeoutSeconds ?? container.Config.StopTimeout ?? DefaultStopTimeout,
    };

    private static void Warn(Container container, MonitorRequest request, Action<string>? warn)
    {
        // Our own init (--init) passes on every signal it gets.
        if (warn is null || request.Timeout == 0 || container.HostConfig.Init == true
            || StateFile.ReadRecorded(container.Directory) is not { Running: true, Pid: > 0 and var pid }
            || !ProcessStatus.IsDeafTo(pid, request.Signal))
        {
            return;
        }

        var then = request.Timeout < 0 ? "it is waited for without end" : $"it is killed in {request.Timeout} s";
        warn(
            $"container {container.Name}: its process 1 ignores {SignalNames.Format(request.Signal)}: {then} "
            + "(--init or another --stop-signal help, --timeout 0 kills at once)");
    }

    /// <returns>False when it ended by itself just before; null when the monitor was lost.</returns>
    private static bool? TryRestart(MonitorConnection connection, MonitorRequest request, Container container)
    {
        try
        {
            connection.SendRequest(request);
            if (!connection.WaitForFrame(out var frame))
            {
                return StateFile.ReadRecorded(container.Directory).Running
                    ? null
                    : throw new SampanException(ErrorKind.Internal, $"container {container.Name} was stopped while it was being restarted: start it");
            }

            return frame.Type == FrameType.Error ? throw frame.ToException() : true;
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
        {
            return false;
        }
    }

    private void Request(Container container, string operation, Func<SampanException> notRunning)
    {
        var connection = TryConnect(container) ?? throw notRunning();
        using (Ask(connection, new MonitorRequest { Operation = operation }, FrameType.Done, container))
        {
            // Answered; nothing else is said on this connection.
        }
    }

    private ContainerEnding BeginEnd(Container container, MonitorRequest request) => new(() => ConnectToEnd(container), request);
}
