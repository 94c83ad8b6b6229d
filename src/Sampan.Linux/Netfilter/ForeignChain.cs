namespace Sampan.Linux.Netfilter;

/// <summary>A base chain as the kernel tells of it, of whatever table.</summary>
/// <param name="Family">NFPROTO_ number: 1 inet, 2 ip, 5 netdev, 7 bridge, 10 ip6.</param>
/// <param name="Table">The table's name.</param>
/// <param name="Chain">What it is and where.</param>
/// <param name="Drops">Whether what no rule decides is dropped.</param>
public sealed record ForeignChain(byte Family, string Table, NftBaseChain Chain, bool Drops);
