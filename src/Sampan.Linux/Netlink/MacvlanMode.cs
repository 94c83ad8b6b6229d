namespace Sampan.Linux.Netlink;

/// <summary>What macvlan devices over one parent see of each other (linux/if_link.h, MACVLAN_MODE_).</summary>
public enum MacvlanMode
{
    /// <summary>Nothing.</summary>
    Private = 1,

    /// <summary>What the switch outside sends back.</summary>
    Vepa = 2,

    /// <summary>Each other, as on a switch.</summary>
    Bridge = 4,

    /// <summary>One device has the parent for itself.</summary>
    Passthru = 8,
}
