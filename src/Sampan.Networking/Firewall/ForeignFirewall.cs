using Sampan.Linux.Netfilter;

namespace Sampan.Networking.Firewall;

/// <summary>Packet filters of others that may drop what our table lets through: a packet passes the chains of all, and each may drop it.</summary>
public static class ForeignFirewall
{
    private const byte Inet = 1;
    private const byte Ip = 2;
    private const byte Bridge = 7;
    private const byte Ip6 = 10;

    /// <summary>The chains that forwarded packets meet, and that drop what none of their rules accepts: by their policy, or by their last rule.</summary>
    /// <param name="filter">The filter of the host's namespace.</param>
    /// <returns>In words: chain FORWARD of table ip filter.</returns>
    /// <exception cref="Sampan.Linux.LinuxException">The kernel refuses.</exception>
    public static IReadOnlyList<string> Dropping(Nftables filter)
    {
        List<string> found = [];
        foreach (var chain in filter.BaseChains())
        {
            if (chain.Chain.Hook == NftHook.Forward && !chain.Table.StartsWith(FirewallTable.UsualName, StringComparison.Ordinal) && FamilyName(chain.Family) is { } family
                && chain.Chain.Type == "filter" && (chain.Drops || filter.EndsInDrop(chain)))
            {
                found.Add($"chain {chain.Chain.Name} of table {family} {chain.Table}");
            }
        }

        return found;
    }

    private static string? FamilyName(byte family) => family switch
    {
        Inet => "inet",
        Ip => "ip",
        Bridge => "bridge",
        Ip6 => "ip6",
        _ => null,
    };
}
