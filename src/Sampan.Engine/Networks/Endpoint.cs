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

    /// <summary>The other end, a port of the bridge; empty where the device is over one of the host's.</summary>
    public string HostDevice { get; set; } = "";

    /// <summary>Hardware address; empty where it is that of the device below.</summary>
    public string MacAddress { get; set; } = "";

    /// <summary>IPv4 address; empty for none.</summary>
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

    /// <summary>Whether the device is a port of a bridge.</summary>
    internal bool IsBridged => HostDevice.Length > 0;

    /// <summary>The addresses it has.</summary>
    internal IReadOnlyList<IPAddress> Addresses => (IPAddress.Length, GlobalIPv6Address.Length) switch
    {
        (_, 0) => [System.Net.IPAddress.Parse(IPAddress)],
        (0, _) => [System.Net.IPAddress.Parse(GlobalIPv6Address)],
        _ => [System.Net.IPAddress.Parse(IPAddress), System.Net.IPAddress.Parse(GlobalIPv6Address)],
    };
}
