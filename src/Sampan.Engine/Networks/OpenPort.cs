using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Sockets;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>A port of the host that leads to a container that runs.</summary>
public sealed record OpenPort
{
    /// <summary>tcp, udp or sctp.</summary>
    public string Protocol { get; set; } = "tcp";

    /// <summary>The host's address; 0.0.0.0 or :: for all of the family.</summary>
    public string HostIp { get; set; } = "";

    /// <summary>The host's port.</summary>
    public int HostPort { get; init; }

    /// <summary>The container's port.</summary>
    public int ContainerPort { get; init; }

    /// <summary>The host's address as it was asked for; empty for the network's.</summary>
    public string AskedIp { get; set; } = "";

    /// <summary>The host's port as it was asked for: a range, or empty for any.</summary>
    public string AskedPort { get; set; } = "";

    /// <summary>80/tcp.</summary>
    public string Key => $"{ContainerPort.ToString(CultureInfo.InvariantCulture)}/{Protocol}";

    /// <summary>Whether it is one of IPv6.</summary>
    internal bool IsIPv6 => IPAddress.Parse(HostIp).AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>IPPROTO_ number.</summary>
    internal byte ProtocolNumber => Protocol switch
    {
        "tcp" => 6,
        "udp" => 17,
        _ => 132,
    };

    /// <summary>What the packet filter is to know of it.</summary>
    /// <param name="container">Full id.</param>
    /// <param name="endpoint">Where it leads.</param>
    /// <returns>Null where it can do nothing: ::1 cannot be left by another device, and IPv4 does not become IPv6.</returns>
    internal PublishedPort? Describe(string container, Endpoint endpoint) =>
        AddressIn(endpoint) is { } target && IPAddress.Parse(HostIp) is var address && !address.Equals(IPAddress.IPv6Loopback)
            ? new(ProtocolNumber, address, (ushort)HostPort, target, (ushort)ContainerPort, container)
            : null;

    /// <summary>Where what comes to the host's port is carried.</summary>
    /// <param name="endpoint">Where it leads.</param>
    /// <returns>Null where it leads nowhere: what is IPv4 is not carried to IPv6.</returns>
    internal PeerAddress? Target(Endpoint endpoint) => AddressIn(endpoint) is { } address ? PeerAddress.Internet(address, ContainerPort) : null;

    // A container without IPv6 is reached by IPv4.
    private IPAddress? AddressIn(Endpoint endpoint)
    {
        var text = IsIPv6 && endpoint.GlobalIPv6Address.Length > 0 ? endpoint.GlobalIPv6Address : endpoint.IPAddress;
        return text.Length == 0 ? null : IPAddress.Parse(text);
    }
}
