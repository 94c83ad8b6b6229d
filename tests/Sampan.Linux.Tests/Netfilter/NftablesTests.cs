using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Netfilter;
using Sampan.Linux.Tests.Netlink;

namespace Sampan.Linux.Tests.Netfilter;

public sealed class NftablesTests : IDisposable
{
    private const string Table = "sampan-test";
    private const byte Tcp = 6;

    private static readonly NftSet Ports4 = new(
        "ports4", [NftType.Protocol, NftType.Ipv4Address, NftType.Service], [NftType.Ipv4Address, NftType.Service]);

    private static readonly NftSet Ports6 = new("ports6", [NftType.Protocol, NftType.Service], [NftType.Ipv6Address, NftType.Service]);

    private static readonly NftSet Bridges = new("bridges", [NftType.InterfaceName], []);

    private static readonly NftSet Subnets = new("subnets", [NftType.Ipv4Address, NftType.InterfaceName], [], Intervals: true);

    private static readonly NftSet Pairs = new("pairs", [NftType.InterfaceName, NftType.InterfaceName], []);

    private readonly NetworkHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Nft_reads_what_was_written()
    {
        using var filter = Nftables.Open(_host.Namespace);
        filter.Commit(Whole());
        _host.Run("nft list table inet " + Table).ShouldBe(
            """
            table inet sampan-test {
            	map ports4 {
            		type inet_proto . ipv4_addr . inet_service : ipv4_addr . inet_service
            		elements = { tcp . 192.0.2.1 . 80 comment "web" : 10.200.0.2 . 8080 }
            	}

            	map ports6 {
            		type inet_proto . inet_service : ipv6_addr . inet_service
            		elements = { tcp . 443 : fd00::2 . 8443 }
            	}

            	set bridges {
            		type ifname
            		elements = { "br-test" }
            	}

            	set pairs {
            		type ifname . ifname
            		elements = { "br-test" . "br-test" }
            	}

            	set subnets {
            		type ipv4_addr . ifname
            		flags interval
            		elements = { 10.200.0.0/24 . "br-test" }
            	}

            	chain publish {
            		fib daddr type != local return
            		dnat ip to meta l4proto . ip daddr . th dport map @ports4
            		meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @ports6
            	}

            	chain prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            		jump publish
            	}

            	chain forward {
            		type filter hook forward priority filter; policy accept;
            		ct state established,related accept
            		iifname . oifname @pairs accept
            		ip daddr 127.0.0.0/8 drop comment "nobody's business"
            		ip6 saddr != fd00::/8 counter packets 0 bytes 0
            		iifname @bridges oifname != @bridges accept
            		ct status dnat accept
            		oifname @bridges drop
            	}

            	chain postrouting {
            		type nat hook postrouting priority srcnat; policy accept;
            		meta nfproto ipv4 masquerade
            	}
            }

            """);
    }

    [Fact]
    public void All_or_nothing()
    {
        using var filter = Nftables.Open(_host.Namespace);
        filter.FindTable(Table).ShouldBeNull();
        filter.Commit(Whole());
        filter.FindTable(Table).ShouldBe("v1"u8.ToArray());

        var before = _host.Run("nft list ruleset");
        var error = Should.Throw<LinuxException>(() => filter.Commit(new NftTransaction(Table)
            .AddElements(Bridges, [new(NftSet.InterfaceName("br-other"), [], "")])
            .RemoveElements(Bridges, [new(NftSet.InterfaceName("nobody"), [], "")])));
        error.Errno.ShouldBe(Errno.ENOENT);
        error.Operation.ShouldBe("remove elements of");
        error.Target.ShouldStartWith("bridges");
        _host.Run("nft list ruleset").ShouldBe(before);

        filter.Commit(new NftTransaction(Table).RemoveTable());
        filter.FindTable(Table).ShouldBeNull();
        _host.Run("nft list ruleset").ShouldBe("");
    }

    [Fact]
    public void Elements_are_listed_with_their_comments_and_a_key_has_one_value()
    {
        using var filter = Nftables.Open(_host.Namespace);
        filter.Commit(Whole());
        var element = filter.Elements(Table, "ports4").ShouldHaveSingleItem();
        element.Key.ShouldBe(NftSet.Join([Tcp], [192, 0, 2, 1], [0, 80]));
        element.Value.ShouldBe(NftSet.Join([10, 200, 0, 2], [0x1F, 0x90]));
        element.Comment.ShouldBe("web");

        filter.Commit(new NftTransaction(Table).AddElements(Ports4, [element]));
        Should.Throw<LinuxException>(() => filter.Commit(new NftTransaction(Table).AddElements(Ports4, [element with { Value = NftSet.Join([10, 200, 0, 3], [0, 1]) }])))
            .Errno.ShouldBe(Errno.EEXIST);

        filter.Commit(new NftTransaction(Table).RemoveElements(Ports4, [element]));
        filter.Elements(Table, "ports4").ShouldBeEmpty();
        var subnet = filter.Elements(Table, "subnets").ShouldHaveSingleItem();
        subnet.Key.ShouldBe(Subnet().Key);
        subnet.Last.ShouldBe(Subnet().Last);
        Should.Throw<LinuxException>(() => filter.Elements("nowhere", "ports4")).Errno.ShouldBe(Errno.ENOENT);
    }

    [Fact]
    public void Ten_thousand_elements_go_in_one_transaction()
    {
        using var filter = Nftables.Open(_host.Namespace);
        filter.Commit(Whole());
        var many = Enumerable.Range(1000, 10_000)
            .Select(port => new NftElement(NftSet.Join([Tcp], [192, 0, 2, 1], [(byte)(port >> 8), (byte)port]), NftSet.Join([10, 200, 0, 2], [0, 80]), "many"))
            .ToList();
        filter.Commit(new NftTransaction(Table).AddElements(Ports4, many));
        filter.Elements(Table, "ports4").Count.ShouldBe(10_001);
        filter.Commit(new NftTransaction(Table).RemoveElements(Ports4, many));
        filter.Elements(Table, "ports4").Count.ShouldBe(1);
    }

    [Fact]
    public void A_chain_is_emptied_and_filled_again_while_the_others_stay()
    {
        using var filter = Nftables.Open(_host.Namespace);
        filter.Commit(Whole());
        filter.Commit(new NftTransaction(Table).EmptyChain("forward").AddRule("forward", new NftRule().Drop()));
        _host.Run($"nft list chain inet {Table} forward").ShouldContain("policy accept;\n\t\tdrop\n");
        _host.Run($"nft list chain inet {Table} publish").ShouldContain("fib daddr");
    }

    [Fact]
    public void Chains_of_others_are_seen()
    {
        _host.Run(
            """
            nft add table ip other
            nft 'add chain ip other FORWARD { type filter hook forward priority 0; policy drop; }'
            nft add chain ip other plain
            """);
        using var filter = Nftables.Open(_host.Namespace);
        filter.BaseChains().ShouldHaveSingleItem().ShouldBe(new(2, "other", new("FORWARD", "filter", NftHook.Forward, 0), true));
    }

    private static NftTransaction Whole() => new NftTransaction(Table)
        .MakeTable("v1"u8)
        .MakeSet(Ports4).MakeSet(Ports6).MakeSet(Bridges).MakeSet(Pairs).MakeSet(Subnets)
        .MakeChain("publish")
        .MakeChain(new NftBaseChain("prerouting", "nat", NftHook.Prerouting, -100))
        .MakeChain(new NftBaseChain("forward", "filter", NftHook.Forward, 0))
        .MakeChain(new NftBaseChain("postrouting", "nat", NftHook.Postrouting, 100))
        .AddRule("publish", new NftRule().NotToThisHost().Return())
        .AddRule(
            "publish",
            new NftRule().Family(AddressFamily.InterNetwork).Meta(MetaKey.TransportProtocol, 0).Destination(AddressFamily.InterNetwork, 1)
                .TransportHeader(2, 2, 2).Find(Ports4, 0).Translate(AddressFamily.InterNetwork, 0, 1))
        .AddRule(
            "publish",
            new NftRule().Family(AddressFamily.InterNetworkV6).Meta(MetaKey.TransportProtocol, 0).TransportHeader(2, 2, 1)
                .Find(Ports6, 0).Translate(AddressFamily.InterNetworkV6, 0, 4))
        .AddRule("prerouting", new NftRule().Jump("publish"))
        .AddRule("forward", new NftRule().State(ConnectionStates.Established | ConnectionStates.Related).Accept())
        .AddRule("forward", new NftRule().Meta(MetaKey.InputName, 0).Meta(MetaKey.OutputName, 4).In(Pairs, 0).Accept())
        .AddRule("forward", new NftRule { Comment = "nobody's business" }.To(IPNetwork.Parse("127.0.0.0/8")).Drop())
        .AddRule("forward", new NftRule().NotFrom(IPNetwork.Parse("fd00::/8")).Count())
        .AddRule("forward", new NftRule().Meta(MetaKey.InputName, 0).In(Bridges, 0).Meta(MetaKey.OutputName, 0).NotIn(Bridges, 0).Accept())
        .AddRule("forward", new NftRule().Translated().Accept())
        .AddRule("forward", new NftRule().Meta(MetaKey.OutputName, 0).In(Bridges, 0).Drop())
        .AddRule("postrouting", new NftRule().Family(AddressFamily.InterNetwork).Masquerade())
        .AddElements(Ports4, [new(NftSet.Join([Tcp], [192, 0, 2, 1], [0, 80]), NftSet.Join([10, 200, 0, 2], [0x1F, 0x90]), "web")])
        .AddElements(Ports6, [new(NftSet.Join([Tcp], [0x01, 0xBB]), NftSet.Join(IPAddress.Parse("fd00::2").GetAddressBytes(), [0x20, 0xFB]), "")])
        .AddElements(Bridges, [new(NftSet.InterfaceName("br-test"), [], "")])
        .AddElements(Subnets, [Subnet()])
        .AddElements(Pairs, [new(NftSet.Join(NftSet.InterfaceName("br-test"), NftSet.InterfaceName("br-test")), [], "")]);

    private static NftElement Subnet() => new(NftSet.Join([10, 200, 0, 0], NftSet.InterfaceName("br-test")), [], "")
    {
        Last = NftSet.Join([10, 200, 0, 255], NftSet.InterfaceName("br-test")),
    };
}
