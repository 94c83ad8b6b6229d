using System.Buffers.Binary;
using Sampan.Linux.Netlink;

namespace Sampan.Linux.Netfilter;

public sealed partial class Nftables
{
    /// <summary>How many rules the chains of a table of family inet have.</summary>
    /// <param name="table">Its name.</param>
    /// <returns>By chain; one without rules is not there.</returns>
    /// <exception cref="LinuxException">ENOENT: there is no such table.</exception>
    public IReadOnlyDictionary<string, int> CountRules(string table)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (chain, _) in Rules(NftFamily.Inet, table))
        {
            counts[chain] = counts.GetValueOrDefault(chain) + 1;
        }

        return counts;
    }

    /// <summary>Whether the last rule of a chain drops or refuses whatever comes to it: what others write in the place of a policy.</summary>
    /// <param name="chain">The chain.</param>
    /// <returns>False where the last rule looks at packets first, or jumps elsewhere.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public bool EndsInDrop(ForeignChain chain)
    {
        var drops = false;
        foreach (var (name, expressions) in Rules((NftFamily)chain.Family, chain.Table))
        {
            drops = name == chain.Chain.Name ? DropsAll(expressions) : drops;
        }

        return drops;
    }

    private List<(string Chain, byte[] Expressions)> Rules(NftFamily family, string table)
    {
        List<(string, byte[])> rules = [];
        foreach (var (type, payload) in _socket.List(
            NftTransaction.Begin(NftNumbers.GetRule, NetlinkMessage.Dump, "list rules of table", table, family).Attribute(NftNumbers.RuleTable, table)))
        {
            var rule = payload.AsSpan(NftNumbers.HeaderLength);
            if (type == NftNumbers.NewRule && Text(Find(rule, NftNumbers.RuleTable)) == table)
            {
                rules.Add((Text(Find(rule, NftNumbers.RuleChain)), Find(rule, NftNumbers.RuleExpressions).ToArray()));
            }
        }

        return rules;
    }

    private static bool DropsAll(ReadOnlySpan<byte> expressions)
    {
        const ushort targetName = 1;
        var drops = false;
        var list = new NetlinkAttributes(expressions);
        while (list.Next())
        {
            var data = Find(list.Value, NftNumbers.ExpressionData);
            switch (Text(Find(list.Value, NftNumbers.ExpressionName)))
            {
                case "counter" or "log":
                    break;
                case "reject":
                    drops = true;
                    break;
                case "target" when Text(Find(data, targetName)) is var target:
                    // An extension of iptables(8).
                    drops |= target == "REJECT";
                    if (target is not ("REJECT" or "LOG"))
                    {
                        return false;
                    }

                    break;
                case "immediate":
                    var code = Find(Find(Find(data, NftNumbers.ImmediateData), NftNumbers.DataVerdict), NftNumbers.VerdictCode);
                    drops |= code.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(code) == 0;
                    break;
                default:
                    return false;
            }
        }

        return drops;
    }
}
