using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
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
