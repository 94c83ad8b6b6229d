using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int DefaultStopTimeout = 10;

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
        using var connection = ConnectToEnd(container);
        if (connection is not null)
        {
            connection.SendRequest(new MonitorRequest { Operation = "wait" });
            if (connection.WaitForExit() is { } exitCode)
            {
                return exitCode;
            }
        }

        return Containers.Find(container.Id).State.ExitCode;
    }

    /// <summary>Sends a signal to a container's command.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Number of the signal.</param>
    /// <exception cref="SampanException">Conflict: it does not run. InvalidArgument: there is no such signal.</exception>
    public void Signal(Container container, int signal)
    {
        var connection = TryConnect(container)
            ?? throw SampanException.Conflict($"cannot kill container: {container.Name}: container {container.Id} is not running");
        using (Ask(connection, new MonitorRequest { Operation = "signal", Signal = signal }, FrameType.Done, container))
        {
            // Answered; nothing else is said on this connection.
        }
    }

    /// <summary>Stops a container: its stop signal, then SIGKILL. Returns when it has ended; one that does not run is no error.</summary>
    /// <param name="container">Which.</param>
    /// <param name="signal">Another signal than the container's own; null is its own.</param>
    /// <param name="timeoutSeconds">Another time than the container's own; -1 waits without end, null is its own.</param>
    public void Stop(Container container, int? signal = null, int? timeoutSeconds = null)
    {
        signal ??= container.Config.StopSignal is { Length: > 0 } name ? SignalNames.TryParse(name) ?? SigTerm : SigTerm;
        End(container, signal.Value, timeoutSeconds ?? container.Config.StopTimeout ?? DefaultStopTimeout);
    }

    /// <summary>Removes a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SampanException">Conflict: it runs and force was not asked for.</exception>
    public void Remove(Container container, RemoveOptions options)
    {
        FileDescriptor? hold;
        try
        {
            while ((hold = container.Hold ?? MonitorLock.TakeUnlessRunning(container.Directory)) is null)
            {
                if (!options.Force)
                {
                    throw SampanException.Conflict(
                        $"cannot remove container \"/{container.Name}\": container is running: stop the container before removing or force remove");
                }

                End(container, SigKill, timeout: -1);
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
            if (_recovery.Close(container, StateFile.MonitorDied))
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
            connection.WaitFor(answer, $"container {container.Id} is not running");
            return connection;
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            connection.Dispose();
            throw;
        }
    }

    private void End(Container container, int signal, int timeout)
    {
        using var connection = ConnectToEnd(container);
        if (connection is null)
        {
            return;
        }

        connection.SendRequest(new MonitorRequest { Operation = "stop", Signal = signal, Timeout = timeout });
        try
        {
            if (connection.WaitForExit() is null)
            {
                // The monitor was lost on the way: whoever finds the container closes it off.
                _ = Containers.TryRead(container.Id);
            }
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
        {
            // It ended by itself just before.
            return;
        }
    }

    /// <summary>
    /// The monitor of a container that runs; null for one that does not, once its end is recorded. A container that starts and ends while
    /// this looks is looked at again.
    /// </summary>
    /// <exception cref="SampanException">Unavailable: a monitor holds the lock, its container runs, and its socket is not there.</exception>
    private MonitorConnection? ConnectToEnd(Container container)
    {
        const int attempts = 16;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            if (TryConnect(container) is { } connection)
            {
                return connection;
            }

            try
            {
                if (!container.State.Running)
                {
                    return null;
                }

                if (MonitorLock.TakeUnlessRunning(container.Directory) is { } hold)
                {
                    hold.Dispose();
                    return null;
                }
            }
            catch (SampanException exception) when (exception.Kind == ErrorKind.NotFound)
            {
                // It was to be removed with its end, and is.
                return null;
            }
        }

        throw SampanException.Unavailable(
            $"the monitor of container {container.Name} runs and {Paths.Run(container.Id)} has no socket of it: kill the monitor, the container ends with it");
    }

    private MonitorConnection? TryConnect(Container container) => MonitorSocket.TryConnect(Paths.Run(container.Id));
}
