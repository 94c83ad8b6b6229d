using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netfilter;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>What else on this host decides about the packets of containers.</summary>
public static class HostFirewall
{
    /// <summary>Packet filters of others that may drop them.</summary>
    /// <returns>A line each, with the way out; none where there is nothing to say.</returns>
    /// <exception cref="LinuxException">The kernel refuses to tell.</exception>
    public static IReadOnlyList<string> Warnings()
    {
        List<string> warnings = [];
        try
        {
            using var filter = Nftables.Open();
            foreach (var chain in ForeignFirewall.Dropping(filter))
            {
                warnings.Add($"{chain} drops what none of its rules accepts, packets of containers among it: add rules there that accept what comes from and goes to the networks' bridges");
            }
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EPROTONOSUPPORT)
        {
            // Without nf_tables nobody has such chains.
        }

        foreach (var (names, program, isIPv6) in (ReadOnlySpan<(string, string, bool)>)
            [("/proc/net/ip_tables_names", "iptables-legacy", false), ("/proc/net/ip6_tables_names", "ip6tables-legacy", true)])
        {
            if (FileTree.TryRead(names, 1 << 16) is { } tables && Array.IndexOf(Encoding.ASCII.GetString(tables).Split('\n'), "filter") >= 0)
            {
                var drops = LegacyFilter.DropsForwarded(isIPv6);
                if (drops != false)
                {
                    warnings.Add(
                        $"chain FORWARD of {program} {(drops == true ? "drops" : "may drop")} what none of its rules accepts, packets of containers among it: see {program} -S FORWARD");
                }
            }
        }

        return warnings;
    }
}
