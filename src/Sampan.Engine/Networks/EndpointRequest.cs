using System.Net;
using System.Net.Sockets;
using Sampan.Linux;
using Sampan.Linux.Netlink;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>Checks how a container is to be on networks, before it is made, in docker's words.</summary>
/// <param name="networks">The networks.</param>
internal sealed class EndpointRequest(NetworkStore networks)
{
    /// <summary>Finds the networks.</summary>
    /// <param name="asked">What was asked for; networks by name or id.</param>
    /// <returns>The same, networks by name.</returns>
    /// <exception cref="SampanException">NotFound: no such network. InvalidArgument: what is asked for makes no sense there.</exception>
    public IReadOnlyList<EndpointSettings> Resolve(IReadOnlyList<EndpointSettings> asked)
    {
        List<EndpointSettings> result = [];
        foreach (var settings in asked)
        {
            var network = networks.Find(settings.Network);
            if (network is { Driver: NetworkDriver.Host or NetworkDriver.None, ConfigOnly: false })
            {
                throw SampanException.InvalidArgument("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
            }

            if (result.Exists(other => other.Network == network.Name))
            {
                throw SampanException.InvalidArgument($"network \"{network.Name}\" is specified multiple times");
            }

            Check(settings, network);
            CheckDevice(settings, result);
            result.Add(settings with { Network = network.Name });
        }

        return result;
    }

    /// <summary>Checks one that is to be added to a container.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="network">The network.</param>
    /// <param name="others">The container's others.</param>
    /// <returns>The same, the network by name.</returns>
    /// <exception cref="SampanException">InvalidArgument: what is asked for makes no sense there.</exception>
    public static EndpointSettings Resolve(EndpointSettings settings, NetworkRecord network, IReadOnlyList<EndpointSettings> others)
    {
        Check(settings, network);
        CheckDevice(settings, others);
        return settings with { Network = network.Name };
    }

    private static void CheckDevice(EndpointSettings settings, IReadOnlyList<EndpointSettings> others)
    {
        var device = EndpointOptions.Of(settings.DriverOpts).Device;
        foreach (var other in others)
        {
            if (device is not null && EndpointOptions.Of(other.DriverOpts).Device == device)
            {
                throw SampanException.InvalidArgument($"the device {device} is that of network {other.Network} already: give another com.docker.network.endpoint.ifname");
            }
        }
    }

    private static void Check(EndpointSettings settings, NetworkRecord network)
    {
        if (network.ConfigOnly)
        {
            throw new SampanException(ErrorKind.Forbidden, $"cannot create endpoint on configuration-only network: make a network of {network.Name} with --config-from");
        }

        if (network.Driver == NetworkDriver.Ipvlan && settings.MacAddress is not null)
        {
            throw SampanException.InvalidArgument($"ipvlan interfaces do not support custom mac address assignment: on network {network.Name} all have that of {network.Link}");
        }

        if (network.IsPredefined && (settings.IPv4Address ?? settings.IPv6Address) is not null)
        {
            throw SampanException.InvalidArgument("user specified IP address is supported on user defined networks only");
        }

        if (network.IsPredefined && settings.Aliases is { Count: > 0 })
        {
            throw SampanException.InvalidArgument("network-scoped alias is supported only for containers in user defined networks");
        }

        foreach (var alias in settings.Aliases ?? [])
        {
            if (alias.Length == 0 || alias.AsSpan().ContainsAny(" \t\r\n"))
            {
                throw SampanException.InvalidArgument($"invalid network alias \"{alias}\"");
            }
        }

        if (settings.MacAddress is { } mac && !MacAddress.TryParse(mac, out _))
        {
            throw SampanException.InvalidArgument($"{mac} is not a valid mac address");
        }

        foreach (var link in settings.Links ?? [])
        {
            _ = LinkText.Parse(link);
        }

        foreach (var text in settings.LinkLocalIPs ?? [])
        {
            if (AddressPrefix.TryParseAddress(text) is not { } address || !IsLinkLocal(address))
            {
                throw SampanException.InvalidArgument($"invalid link local IP address: {text}");
            }
        }

        CheckAddress(settings.IPv4Address, AddressFamily.InterNetwork, network);
        CheckAddress(settings.IPv6Address, AddressFamily.InterNetworkV6, network);
    }

    // 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291).
    private static bool IsLinkLocal(IPAddress address) => address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _];

    private static void CheckAddress(string? text, AddressFamily family, NetworkRecord network)
    {
        if (text is null)
        {
            return;
        }

        var isIPv6 = family == AddressFamily.InterNetworkV6;
        if (AddressPrefix.TryParseAddress(text) is not { } address || address.AddressFamily != family)
        {
            throw SampanException.InvalidArgument($"invalid {(isIPv6 ? "IPv6" : "IPv4")} address: {text}");
        }

        foreach (var addressing in network.Addressing)
        {
            if (addressing.Prefix.Contains(address))
            {
                if (addressing.Range.CanBeGiven(address))
                {
                    return;
                }

                throw SampanException.Conflict($"Address already in use: {address} is set apart on network {network.Name}");
            }
        }

        throw SampanException.InvalidArgument(
            $"invalid config for network {network.Name}: invalid endpoint settings: no configured subnet contains {(isIPv6 ? "IPv6" : "IP")} address {address}");
    }
}
