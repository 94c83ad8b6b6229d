using System.Net;
using Sampan.Linux;
using Sampan.Networking.Firewall;

namespace Sampan.Networking.Tests.Firewall;

/// <summary>The table in the kernel, and what packets make of it.</summary>
public sealed class FirewallTableTests
{
    private static readonly FirewallTable Table = new(FirewallTable.UsualName);

    /// <summary>From whom, to which address and port; who answers and whose address it sees, or "no".</summary>
    private static readonly (string From, string To, string Answer)[] Reachability =
    [
        // A published port on every address: from outside with the client's own address, from the host, from containers.
        ("outside", "192.0.2.1:8080", "a1 192.0.2.9"),
        ("outside", "[2001:db8::1]:8080", "a1 2001:db8::9"),
        ("host", "192.0.2.1:8080", "a1 192.0.2.1"),
        ("host", "127.0.0.1:8080", "a1 10.1.0.1"),
        ("host", "10.1.0.1:8080", "a1 10.1.0.1"),
        ("host", "[2001:db8::1]:8080", "a1 2001:db8::1"),
        ("a2", "192.0.2.1:8080", "a1 10.1.0.1"),
        ("a2", "[2001:db8::1]:8080", "a1 fd00:1::1"),
        ("a1", "192.0.2.1:8080", "a1 10.1.0.1"),
        ("b1", "192.0.2.1:8080", "a1 10.2.0.11"),
        ("b1", "10.2.0.1:8080", "a1 10.2.0.11"),

        // On one address.
        ("outside", "192.0.2.1:8081", "b1 192.0.2.9"),
        ("outside", "[2001:db8::1]:8083", "b1 2001:db8::9"),
        ("host", "10.1.0.1:8081", "no"),
        ("host", "127.0.0.1:8081", "no"),

        // On the loopback address: for the host alone.
        ("host", "127.0.0.1:8082", "a2 10.1.0.1"),
        ("outside", "192.0.2.1:8082", "no"),
        ("a1", "10.1.0.1:8082", "no"),

        // Containers by their own address: on one network yes, unless they are kept apart; from elsewhere no.
        ("a2", "10.1.0.11:80", "a1 10.1.0.12"),
        ("a2", "[fd00:1::11]:80", "a1 fd00:1::12"),
        ("i2", "10.3.0.11:80", "i1 10.3.0.12"),
        ("b2", "10.2.0.11:80", "no"),
        ("b2", "[fd00:2::11]:80", "no"),
        ("host", "10.1.0.11:80", "a1 10.1.0.1"),
        ("host", "10.3.0.11:80", "i1 10.3.0.1"),
        ("outside", "10.1.0.11:80", "no"),
        ("outside", "[fd00:1::11]:80", "no"),
        ("b1", "10.1.0.11:80", "no"),
        ("b1", "[fd00:1::11]:80", "no"),
        ("a1", "10.3.0.11:80", "no"),

        // Outwards, behind the host's address; not from an internal network, nor by way of the host's published ports.
        ("a1", "192.0.2.9:80", "outside 192.0.2.1"),
        ("b1", "192.0.2.9:80", "outside 192.0.2.1"),
        ("a1", "[2001:db8::9]:80", "outside 2001:db8::1"),
        ("i1", "192.0.2.9:80", "no"),
        ("i1", "[2001:db8::9]:80", "no"),
        ("i1", "192.0.2.1:8080", "no"),

        // Nothing that is not published.
        ("outside", "192.0.2.1:80", "no"),
        ("outside", "[2001:db8::1]:5353", "no"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_reaches_whom(bool bridgesAreFiltered)
    {
        using var hosts = new FirewallHosts(bridgesAreFiltered);
        hosts.Filter.Commit(Table.Write([FirewallHosts.NetworkA, FirewallHosts.NetworkB, FirewallHosts.NetworkI], FirewallHosts.Ports));
        var seen = Reachability.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(row => row with { Answer = hosts.Ask(row.From, row.To) });
        seen.ToArray().ShouldBe(Reachability);
    }

    [Fact]
    public void What_is_written_is_read_again_and_changes_are_exact()
    {
        using var hosts = new FirewallHosts(false);
        hosts.Filter.Commit(Table.Write([FirewallHosts.NetworkA, FirewallHosts.NetworkB], FirewallHosts.Ports));
        Table.Published(hosts.Filter).ShouldBe(FirewallHosts.Ports, ignoreOrder: true);
        var before = hosts["host"].Run("nft list table inet sampan");

        var more = new PublishedPort[]
        {
            new(FirewallHosts.Tcp, IPAddress.Any, 9000, IPAddress.Parse("10.1.0.12"), 80, "a2"),
            new(FirewallHosts.Tcp, IPAddress.IPv6Any, 9000, IPAddress.Parse("fd00:1::12"), 80, "a2"),
        };
        hosts.Filter.Commit(Table.Publish(more));
        hosts.Filter.Commit(Table.Add(FirewallHosts.NetworkI));
        Table.Published(hosts.Filter).Count.ShouldBe(8);

        // A port that leads elsewhere already, and one beside it that is free: neither.
        Should.Throw<LinuxException>(() => hosts.Filter.Commit(Table.Publish(
            [more[0] with { HostPort = 9001 }, more[0] with { ContainerAddress = IPAddress.Parse("10.1.0.13") }]))).Errno.ShouldBe(Errno.EEXIST);
        Table.Published(hosts.Filter).Count.ShouldBe(8);

        hosts.Filter.Commit(Table.Withdraw(more));
        hosts.Filter.Commit(Table.Remove(FirewallHosts.NetworkI));
        hosts["host"].Run("nft list table inet sampan").ShouldBe(before);
    }

    [Fact]
    public void Written_anew_it_is_as_it_was_and_the_administrators_chain_stays()
    {
        using var hosts = new FirewallHosts(false);
        var port = FirewallHosts.Ports.Take(1).ToList();
        hosts.Filter.Commit(Table.Write([FirewallHosts.NetworkA, FirewallHosts.NetworkB], FirewallHosts.Ports));
        hosts["host"].Run("nft add rule inet sampan user ip saddr 192.0.2.9 meta l4proto tcp ct original proto-dst 8080 drop");
        hosts.Filter.Commit(Table.Write([FirewallHosts.NetworkA], port));
        var written = hosts["host"].Run("nft list table inet sampan");
        written.ShouldContain("ct original proto-dst 8080 drop");
        written.ShouldNotContain("br-b");
        Table.Published(hosts.Filter).ShouldBe(port);
        hosts.Ask("outside", "192.0.2.1:8080").ShouldBe("no");
        hosts.Ask("host", "192.0.2.1:8080").ShouldBe("a1 192.0.2.1");

        // Somebody else's flush takes all; it is written again from the records.
        hosts["host"].Run("nft flush ruleset");
        hosts.Filter.FindTable(Table.Name).ShouldBeNull();
        Table.Published(hosts.Filter).ShouldBeEmpty();
        hosts.Filter.Commit(Table.Write([FirewallHosts.NetworkA], port));
        hosts.Ask("outside", "192.0.2.1:8080").ShouldBe("a1 192.0.2.9");
    }
}
