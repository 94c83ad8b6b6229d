using System.Net;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>Where the published ports of a container lead.</summary>
/// <param name="Container">Full id.</param>
/// <param name="Name">The container's name.</param>
/// <param name="Endpoint">Its place on the first network that has a way out, as the default route does.</param>
/// <param name="HostAddress">The host's address for those that name none; null for the host's usual one.</param>
internal sealed record PublishTarget(string Container, string Name, Endpoint Endpoint, IPAddress? HostAddress)
{
    /// <summary>Whether the container has an IPv6 address.</summary>
    public bool HasIPv6 => Endpoint.GlobalIPv6Address.Length > 0;

    /// <summary>What the packet filter is to know.</summary>
    /// <param name="bindings">Of which ports.</param>
    public List<PublishedPort> Describe(IEnumerable<OpenBinding> bindings)
    {
        List<PublishedPort> ports = [];
        foreach (var binding in bindings)
        {
            foreach (var part in binding.Parts)
            {
                if (part.Port.Describe(Container, Endpoint) is { } port)
                {
                    ports.Add(port);
                }
            }
        }

        return ports;
    }
}
