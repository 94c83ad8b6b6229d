using System.Net;

namespace Sampan.Engine.Networks;

/// <summary>How a container that runs is on a network.</summary>
public sealed record Endpoint
{
    /// <summary>64 hex digits, anew with each start.</summary>
    public string Id { get; set; } = "";

    /// <summary>The network's name.</summary>
    public string Network { get; set; } = "";

    /// <summary>The network's id.</summary>
    public string NetworkId { get; set; } = "";

    /// <summary>The container's device: eth0.</summary>
    public string Device { get; set; } = "";

    /// <summary>The other end, a port of the bridge.</summary>
    public string HostDevice { get; set; } = "";

    /// <summary>Hardware address.</summary>
    public string MacAddress { get; set; } = "";

    /// <summary>IPv4 address.</summary>
    public string IPAddress { get; set; } = "";

    /// <summary>Bits of its prefix.</summary>
    public int IPPrefixLen { get; init; }

    /// <summary>Whom it asks for the rest of the world; empty on an internal network.</summary>
    public string Gateway { get; set; } = "";

    /// <summary>IPv6 address; empty for none.</summary>
    public string GlobalIPv6Address { get; set; } = "";

    /// <summary>Bits of its prefix.</summary>
    public int GlobalIPv6PrefixLen { get; init; }

    /// <summary>As <see cref="Gateway"/>.</summary>
    public string IPv6Gateway { get; set; } = "";

    /// <summary>The addresses it has.</summary>
    internal IReadOnlyList<IPAddress> Addresses => GlobalIPv6Address.Length == 0
        ? [System.Net.IPAddress.Parse(IPAddress)]
        : [System.Net.IPAddress.Parse(IPAddress), System.Net.IPAddress.Parse(GlobalIPv6Address)];
}
