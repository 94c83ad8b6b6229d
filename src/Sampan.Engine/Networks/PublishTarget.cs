using System.Net;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>Where the published ports of a container lead.</summary>
/// <param name="Container">Full id.</param>
/// <param name="Name">The container's name.</param>
/// <param name="Endpoint">Its place on the first bridge that has a way out, as <see cref="EndpointOf"/> says.</param>
/// <param name="HostAddress">The host's address for those that name none; null for the host's usual one.</param>
internal sealed record PublishTarget(string Container, string Name, Endpoint Endpoint, IPAddress? HostAddress)
{
    /// <summary>Whether it is reached by an IPv4 address.</summary>
    public bool HasIPv4 => Endpoint.IPAddress.Length > 0;

    /// <summary>Whether it is reached by an IPv6 address.</summary>
    public bool HasIPv6 => Endpoint.GlobalIPv6Address.Length > 0;

    /// <summary>
    /// Where published ports of a container lead: to the first of its bridges that has a way out, and by the other family, where that has but one, to the next
    /// bridge that has it. Where a device is over one of the host's, nothing comes by the host.
    /// </summary>
    /// <param name="endpoints">Where the container is, in the order of its default routes.</param>
    /// <returns>Both addresses in one; null where nothing leads to it.</returns>
    public static Endpoint? EndpointOf(IEnumerable<Endpoint> endpoints)
    {
        Endpoint? result = null;
        foreach (var endpoint in endpoints)
        {
            if (!endpoint.IsBridged || (endpoint.Gateway.Length == 0 && endpoint.IPv6Gateway.Length == 0))
            {
                continue;
            }

            result = result is null ? endpoint : result with
            {
                IPAddress = result.IPAddress.Length > 0 ? result.IPAddress : endpoint.IPAddress,
                GlobalIPv6Address = result.GlobalIPv6Address.Length > 0 ? result.GlobalIPv6Address : endpoint.GlobalIPv6Address,
            };
        }

        return result;
    }

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
