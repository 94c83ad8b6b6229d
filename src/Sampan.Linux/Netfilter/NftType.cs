namespace Sampan.Linux.Netfilter;

/// <summary>Types of keys and values. The kernel knows lengths alone; nft(8) prints by these numbers (libnftables, datatype.h).</summary>
public enum NftType
{
    /// <summary>ipv4_addr.</summary>
    Ipv4Address = 7,

    /// <summary>ipv6_addr.</summary>
    Ipv6Address = 8,

    /// <summary>inet_proto.</summary>
    Protocol = 12,

    /// <summary>inet_service: a port.</summary>
    Service = 13,

    /// <summary>ifname.</summary>
    InterfaceName = 41,
}
