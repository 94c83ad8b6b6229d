using Sampan.Linux.Netfilter;
using Sampan.Linux.Tests.Netlink;

namespace Sampan.Linux.Tests.Netfilter;

public sealed class FilterChainTests : IDisposable
{
    private readonly NetworkHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Jumps_are_counted_and_taken_away()
    {
        var chain = new FilterChain(_host.Namespace, "LOCK");
        chain.CountJumps().ShouldBe(0);
        _host.Run(
            """
            for family in ip ip6; do
                nft add table $family filter
                nft add chain $family filter LOCK
                nft add rule $family filter LOCK drop
                nft "add chain $family filter INPUT { type filter hook input priority 0; }"
                nft add rule $family filter INPUT counter jump LOCK
                nft add rule $family filter INPUT ct state established accept
                nft add rule $family filter INPUT counter jump LOCK
            done
            nft "add chain ip filter OUTPUT { type filter hook output priority 0; }"
            nft add rule ip filter OUTPUT jump LOCK
            nft add table ip other && nft add chain ip other LOCK && nft add chain ip other FROM && nft add rule ip other FROM jump LOCK
            """);
        chain.CountJumps().ShouldBe(2);

        chain.LimitJumps(1);
        chain.CountJumps().ShouldBe(1);
        var rules = _host.Run("nft -s list ruleset");
        rules.Split("jump LOCK").Length.ShouldBe(1 + 4, rules);
        rules.ShouldContain("ct state established accept");

        chain.LimitJumps(0);
        chain.CountJumps().ShouldBe(0);
        rules = _host.Run("nft -s list ruleset");
        rules.Split("chain LOCK").Length.ShouldBe(1 + 1, rules);
        rules.Split("jump LOCK").Length.ShouldBe(1 + 1, rules);
        rules.Split("ct state established accept").Length.ShouldBe(1 + 2, rules);
    }
}
