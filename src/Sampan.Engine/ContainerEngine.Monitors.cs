using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    // Each is the death of another monitor.
    private const int MostAdoptions = 16;

    /// <summary>The log of a container.</summary>
    /// <param name="container">Which.</param>
    /// <returns>The log; following it goes on when the container's monitor dies and another takes over.</returns>
    public ContainerLog Log(Container container) => new(container, () => TryConnect(container));

    /// <summary>Takes a container's lock, or finds that it runs; one that runs without a monitor has a new one then.</summary>
    /// <returns>The lock; null when it runs.</returns>
    /// <exception cref="SampanException">NotFound: the container is gone. Others: no monitor could take over.</exception>
    private FileDescriptor? TakeUnlessRunning(Container container)
    {
        var hold = MonitorLock.TakeUnlessRunning(container.Directory, container.RunDirectory);
        if (hold is null || !ContainerRecovery.NeedsMonitor(container))
        {
            return hold;
        }

        _recovery.Adopt(container, hold);
        return null;
    }

    /// <summary>The monitor of a container that runs; null for one that does not, or that is gone.</summary>
    /// <inheritdoc cref="TryConnect"/>
    private MonitorConnection? ConnectToEnd(Container container)
    {
        try
        {
            return TryConnect(container);
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.NotFound)
        {
            // It was to be removed with its end, and is.
            return null;
        }
    }

    /// <summary>The monitor of a container that runs; null for one that does not. Where the monitor has died it is the next one, which is waited for.</summary>
    /// <exception cref="SampanException">
    /// Unavailable: a monitor that nobody can reach cannot be ended. NotFound: the container is gone. Others: no
    /// monitor could take over.
    /// </exception>
    private MonitorConnection? TryConnect(Container container)
    {
        for (var attempt = 0; attempt < MostAdoptions; attempt++)
        {
            if (MonitorSocket.TryConnect(container.RunDirectory) is { } connection)
            {
                return connection;
            }

            if (!StateFile.ReadRecorded(container.Directory).Running)
            {
                return null;
            }

            if (MonitorLock.TryTake(container.Directory) is { } hold)
            {
                if (ContainerRecovery.NeedsMonitor(container))
                {
                    _recovery.Adopt(container, hold);
                    continue;
                }

                using (hold)
                {
                    _ = _recovery.Close(container);
                }

                return null;
            }

            if (AwaitMonitor(container) is { } awaited)
            {
                return awaited;
            }
        }

        throw SampanException.Unavailable($"the monitors of container {container.Name} die one after the other: see the host's log for who kills them");
    }

    /// <summary>Somebody has the lock and is about to listen, or to say that it ended.</summary>
    private MonitorConnection? AwaitMonitor(Container container)
    {
        MonitorConnection? connection = null;
        MonitorLock.WaitWhile(container.Directory, () =>
        {
            connection = MonitorSocket.TryConnect(container.RunDirectory);
            if (connection is not null || !StateFile.ReadRecorded(container.Directory).Running || !MonitorLock.IsHeld(container.Directory))
            {
                return false;
            }

            if (!UnreachableMonitor.Is(container))
            {
                return true;
            }

            if (UnreachableMonitor.End(Paths, container))
            {
                _recovery.Notice?.Invoke($"nobody could reach the monitor of container {container.Name} any more, its socket was gone: it was ended, and another takes over");
            }

            return false;
        });
        return connection;
    }
}
