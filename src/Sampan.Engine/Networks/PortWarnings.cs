using Sampan.Engine.Containers;

namespace Sampan.Engine.Networks;

/// <summary>What who publishes ports is to know.</summary>
public static class PortWarnings
{
    /// <summary>Looks at a container that was made.</summary>
    /// <param name="container">The container.</param>
    /// <param name="networks">The networks.</param>
    /// <returns>A line for each thing there is to say.</returns>
    public static IEnumerable<string> Of(Container container, NetworkStore networks)
    {
        if ((container.HostConfig.PortBindings is not null || container.HostConfig.PublishAllPorts) && container.Record.Endpoints is { Count: > 0 } endpoints
            && !endpoints.Any(settings => networks.TryFind(settings.Network) is { Driver: NetworkDriver.Bridge, HasWayOut: true }))
        {
            yield return "published ports are discarded: none of the container's networks is a bridge with a way out (macvlan, ipvlan and internal networks are not reached by way of the host)";
        }
    }

    /// <summary>Looks at ports.</summary>
    /// <param name="ports">The container's: 80/tcp.</param>
    /// <returns>A line for each thing there is to say.</returns>
    public static IEnumerable<string> Of(IEnumerable<string> ports)
    {
        foreach (var port in ports)
        {
            if (port.EndsWith("/sctp", StringComparison.Ordinal) && !PortReservation.KernelHasSctp)
            {
                yield return $"the kernel has no SCTP sockets (module sctp): {port} is published by the packet filter alone, for programs that speak SCTP themselves";
            }
        }
    }
}
