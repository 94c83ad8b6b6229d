namespace Sampan.Linux.Netfilter;

/// <summary>What the kernel knows of a packet (linux/netfilter/nf_tables.h, NFT_META_).</summary>
public enum MetaKey
{
    /// <summary>The name of the device it came in by: 16 bytes.</summary>
    InputName = 6,

    /// <summary>The name of the device it leaves by: 16 bytes.</summary>
    OutputName = 7,

    /// <summary>NFPROTO_ number: one byte.</summary>
    NetworkProtocol = 15,

    /// <summary>IPPROTO_ number: one byte.</summary>
    TransportProtocol = 16,
}
