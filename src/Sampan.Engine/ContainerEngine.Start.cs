using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Starts a container and returns once its command runs.</summary>
    /// <param name="container">Which.</param>
    /// <param name="options">How the caller watches it.</param>
    /// <returns>The connection to its monitor; disposing it detaches.</returns>
    /// <exception cref="SampanException">Conflict: it runs already. CommandNotFound, CommandNotExecutable and others: the start failed, in words for the user.</exception>
    public MonitorConnection Start(Container container, StartOptions options)
    {
        using var hold = container.Hold ?? TakeForStart(container);
        container.Hold = null;
        MonitorConnection? connection = null;
        try
        {
            using var monitor = container.Monitor ?? new StartingMonitor(container.Id, _launchMonitor);
            container.Monitor = null;
            connection = monitor.Start(new MonitorRequest
            {
                Operation = "start",
                Stdin = options.AttachStdin,
                Stdout = options.AttachStdout,
                Stderr = options.AttachStderr,
                Rows = options.Rows,
                Columns = options.Columns,
                Trace = options.Trace,
            }, hold);

            // From here on the lock is the monitor's alone: when it dies the lock is free.
            hold.Dispose();
            connection.WaitFor(FrameType.Started, () => $"the monitor of container {container.Id} died during the start: start it again");
            return connection;
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            connection?.Dispose();
            hold.Dispose();
            _ = _recovery.Check(container);
            throw;
        }
    }

    private FileDescriptor TakeForStart(Container container)
    {
        var hold = TakeUnlessRunning(container)
            ?? throw SampanException.Conflict($"container {container.Name} is already running");
        if (_recovery.Close(container))
        {
            return hold;
        }

        hold.Dispose();
        throw SampanException.NotFound($"No such container: {container.Name}");
    }
}
