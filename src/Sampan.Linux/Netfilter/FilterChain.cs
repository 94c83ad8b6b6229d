using Sampan.Linux.Files;

namespace Sampan.Linux.Netfilter;

/// <summary>
/// A chain of a network namespace's packet filter that others jump to: in the table "filter", where iptables(8) has its rules, as nf_tables keeps
/// them (iptables-nft, nft(8)). What the older iptables keeps (iptables-legacy) is not seen.
/// </summary>
/// <param name="networkNamespace">The namespace.</param>
/// <param name="name">The chain's name.</param>
public sealed class FilterChain(FileDescriptor networkNamespace, string name)
{
    private const string Table = "filter";

    private static readonly NftFamily[] Families = [NftFamily.Ip, NftFamily.Ip6];

    /// <summary>How many jumps to it there are in the chain that has the most.</summary>
    /// <returns>0 where there is no such chain.</returns>
    /// <exception cref="LinuxException">The namespace cannot be entered, or its rules cannot be listed.</exception>
    public int CountJumps()
    {
        var most = 0;
        using var filter = Connect();
        foreach (var family in Families)
        {
            foreach (var chain in Jumps(filter, family))
            {
                most = Math.Max(most, chain.Count());
            }
        }

        return most;
    }

    /// <summary>Takes away jumps to it; with the last of them the chain itself.</summary>
    /// <param name="count">How many stay in each chain.</param>
    /// <exception cref="LinuxException">The namespace cannot be entered, or the rules cannot be changed.</exception>
    public void LimitJumps(int count)
    {
        using var filter = Connect();
        foreach (var family in Families)
        {
            var change = new NftTransaction(Table, family);
            var jumps = Jumps(filter, family);
            foreach (var chain in jumps)
            {
                foreach (var (from, handle) in chain.Skip(count))
                {
                    change.RemoveRule(from, handle, $"the jump from {from} to {name}");
                }
            }

            if (count == 0 && jumps.Count > 0)
            {
                change.RemoveChain(name);
            }

            filter?.Commit(change);
        }
    }

    private Nftables? Connect()
    {
        try
        {
            return Nftables.Open(networkNamespace);
        }
        catch (LinuxException error) when (error.Errno == Errno.EPROTONOSUPPORT)
        {
            // A kernel without a packet filter.
            return null;
        }
    }

    private List<IGrouping<string, (string Chain, ulong Handle)>> Jumps(Nftables? filter, NftFamily family)
    {
        try
        {
            return filter is null ? [] : [.. filter.Jumps(family, Table, name).GroupBy(jump => jump.Chain)];
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            // No such table, or a kernel without nf_tables or this family.
            return [];
        }
    }
}
