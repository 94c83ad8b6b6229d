namespace Sampan.Linux.Netlink;

/// <summary>On which layer ipvlan hands packets on (linux/if_link.h, IPVLAN_MODE_).</summary>
public enum IpvlanMode
{
    /// <summary>By hardware frames; ARP is answered by each device.</summary>
    L2,

    /// <summary>By routes; no broadcast, no multicast.</summary>
    L3,

    /// <summary>As <see cref="L3"/>, through the host's connection tracking.</summary>
    L3S,
}
