namespace Sampan.Linux.Netfilter;

/// <summary>An element of a set or map.</summary>
/// <param name="Key">As <see cref="NftSet.Join"/> makes it; of a range its first.</param>
/// <param name="Value">The value; empty in a set.</param>
/// <param name="Comment">Words about it: nft(8) prints them..</param>
public sealed record NftElement(byte[] Key, byte[] Value, string Comment)
{
    /// <summary>The last key of a range in a set whose keys have parts; null for a key by itself.</summary>
    public byte[]? Last { get; init; }

    /// <summary>Where the kernel lists the end of a range: the first key that is not in it.</summary>
    public bool EndsRange { get; init; }
}
