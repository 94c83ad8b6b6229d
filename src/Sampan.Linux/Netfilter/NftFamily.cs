namespace Sampan.Linux.Netfilter;

/// <summary>Which packets a table sees (linux/netfilter.h, NFPROTO_).</summary>
public enum NftFamily
{
    /// <summary>Those of both families of addresses.</summary>
    Inet = 1,

    /// <summary>IPv4.</summary>
    Ip = 2,

    /// <summary>IPv6.</summary>
    Ip6 = 10,
}
