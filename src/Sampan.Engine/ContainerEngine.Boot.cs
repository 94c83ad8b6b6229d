using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>
    /// Stops all that runs, because the host goes down: each by its own stop signal, in its own time, all at once. <see cref="Boot"/> starts again what is
    /// to run, as if nothing had stopped it.
    /// </summary>
    /// <param name="stopped">Told of each that has ended.</param>
    /// <param name="failed">Told of each that could not be stopped, and why.</param>
    public void Halt(Action<Container> stopped, Action<Container, SampanException> failed)
    {
        List<(Container Container, MonitorConnection Connection)> ending = [];
        foreach (var container in Containers.List())
        {
            try
            {
                if (!container.IsDamaged && ConnectToEnd(container) is { } connection)
                {
                    ending.Add((container, connection));
                    connection.SendRequest(StopRequest(container, "stop", null, null) with { UntilBoot = true });
                }
            }
            catch (SampanException problem)
            {
                failed(container, problem);
            }
        }

        foreach (var (container, connection) in ending)
        {
            using (connection)
            {
                try
                {
                    _ = connection.WaitForExit();
                    stopped(container);
                }
                catch (SampanException problem) when (problem.Kind == ErrorKind.Conflict)
                {
                    // It ended by itself just before.
                    stopped(container);
                }
            }
        }
    }

    /// <summary>
    /// Starts what its restart policy wants to run and does not: after the host has started, or after monitors were killed. always starts;
    /// unless-stopped where no command had stopped it; on-failure where it failed or was lost. One that never ran is left alone.
    /// </summary>
    /// <param name="started">Told of each that was started.</param>
    /// <param name="failed">Told of each that could not be, and why.</param>
    public void Boot(Action<Container> started, Action<Container, SampanException> failed)
    {
        // The oldest first: newer ones may join its namespaces.
        foreach (var container in Containers.List().Reverse())
        {
            var state = container.State;
            if (state.Running || state.StartedAt == DateTimeOffset.MinValue || !container.HostConfig.RestartPolicy.Wants(state with { RestartCount = 0 }, boot: true))
            {
                continue;
            }

            try
            {
                Start(container, new()).Dispose();
                started(container);
            }
            catch (SampanException problem)
            {
                failed(container, problem);
            }
        }
    }
}
