namespace Sampan.Linux.Netfilter;

/// <summary>A chain that packets meet by themselves.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">"filter", "nat" or "route".</param>
/// <param name="Hook">Where.</param>
/// <param name="Priority">Order among the chains of the hook: dstnat -100, filter 0, srcnat 100 (nft(8)).</param>
public sealed record NftBaseChain(string Name, string Type, NftHook Hook, int Priority);
