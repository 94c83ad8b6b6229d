namespace Sampan.Linux.Netfilter;

/// <summary>States of a tracked connection (linux/netfilter/nf_conntrack_common.h, NF_CT_STATE_).</summary>
[Flags]
public enum ConnectionStates
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Belongs to none that is known.</summary>
    Invalid = 1,

    /// <summary>Packets have gone both ways.</summary>
    Established = 2,

    /// <summary>Comes of an established one.</summary>
    Related = 4,

    /// <summary>The first packet of one.</summary>
    New = 8,
}
