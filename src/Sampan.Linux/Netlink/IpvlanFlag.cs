namespace Sampan.Linux.Netlink;

/// <summary>What ipvlan devices over one parent see of each other (linux/if_link.h, IPVLAN_F_).</summary>
public enum IpvlanFlag
{
    /// <summary>Each other.</summary>
    Bridge,

    /// <summary>Nothing.</summary>
    Private,

    /// <summary>What the switch outside sends back.</summary>
    Vepa,
}
