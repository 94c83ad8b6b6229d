using System.Net;
using Sampan.Linux.Netlink;

namespace Sampan.Linux.Tests.Netlink;

public sealed class NetworkStackTests : IDisposable
{
    private const int InsideIndex = 2;

    private readonly NetworkHost _host = new();
    private readonly NetworkHost _inside = new();

    public void Dispose()
    {
        _host.Dispose();
        _inside.Dispose();
    }

    [Fact]
    public void A_container_is_wired_to_a_bridge_by_two_messages_each_way()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        using var inside = NetworkStack.Open(_inside.Namespace);
        MacAddress.TryParse("02:42:0a:c8:00:02", out var mac).ShouldBeTrue();

        host.Apply(new NetworkChange().MakeBridge("br-test", MacAddress.Random(), 1400));
        var bridge = host.Link("br-test");
        bridge.Kind.ShouldBe("bridge");
        bridge.Up.ShouldBeTrue();
        bridge.Mtu.ShouldBe(1400);
        host.Apply(new NetworkChange()
            .AddAddress(bridge.Index, "br-test", new(IPAddress.Parse("10.200.0.1"), 24))
            .AddAddress(bridge.Index, "br-test", new(IPAddress.Parse("fd00:200::1"), 64))
            .MakeVeth(
                "veth-test", bridge.Index, 1400, "container one", new("eth0", InsideIndex, mac, NetworkNamespaceReference.Of(_inside.Namespace))));
        inside.Apply(new NetworkChange()
            .SetUp(1, "lo")
            .AddAddress(InsideIndex, "eth0", new(IPAddress.Parse("10.200.0.2"), 24))
            .AddAddress(InsideIndex, "eth0", new(IPAddress.Parse("fd00:200::2"), 64))
            .SetUp(InsideIndex, "eth0")
            .AddRoute(IPNetwork.Parse("0.0.0.0/0"), IPAddress.Parse("10.200.0.1"), InsideIndex)
            .AddRoute(IPNetwork.Parse("::/0"), IPAddress.Parse("fd00:200::1"), InsideIndex));

        var near = host.Link("veth-test");
        near.Master.ShouldBe(bridge.Index);
        near.Up.ShouldBeTrue();
        near.Peer.ShouldBe(InsideIndex);
        _host.Run("ip -d link show veth-test").ShouldContain("alias container one");
        var eth0 = inside.Link("eth0");
        eth0.ShouldBe(new NetworkLink(InsideIndex, "eth0", "veth", true, 1400, mac, 0, near.Index));
        inside.Addresses(InsideIndex).Select(address => address.ToString()).ShouldBe(["10.200.0.2/24", "fd00:200::2/64"]);
        inside.Routes().Where(route => route.Gateway is not null).Select(route => $"{route.Destination} {route.Gateway} {route.Link}")
            .ShouldBe(["0.0.0.0/0 10.200.0.1 2", "::/0 fd00:200::1 2"]);

        // The addresses work at once: no duplicate detection is waited for.
        _inside.Run("busybox ping -c 1 -W 5 10.200.0.1 && busybox ping -c 1 -W 5 fd00:200::1").ShouldContain("1 packets received");
        _inside.Run("ip -4 -o addr show eth0").ShouldContain("brd 10.200.0.255");

        host.Apply(new NetworkChange().RemoveLink(near.Index, near.Name));
        inside.FindLink("eth0").ShouldBeNull();
    }

    [Fact]
    public void What_the_kernel_refuses_is_named_with_its_words()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        host.Apply(new NetworkChange().MakeBridge("br-test", MacAddress.Random(), 0));
        var index = host.Link("br-test").Index;

        // The first of several is the one that is told of; those after it were tried.
        var error = Should.Throw<LinuxException>(() => host.Apply(new NetworkChange()
            .AddRoute(IPNetwork.Parse("10.9.0.0/16"), IPAddress.Parse("192.0.2.1"), index)
            .RemoveAddress(index, "br-test", new(IPAddress.Parse("10.1.1.1"), 24))
            .AddAddress(index, "br-test", new(IPAddress.Parse("10.2.2.1"), 24))));
        error.Errno.ShouldBe(Errno.ENETUNREACH);
        error.Operation.ShouldBe("add route");
        error.Target.ShouldBe("to 10.9.0.0/16 by 192.0.2.1 (the kernel says: Nexthop has invalid gateway)");
        host.Addresses(index).ShouldHaveSingleItem().ToString().ShouldBe("10.2.2.1/24");

        Should.Throw<LinuxException>(() => host.Apply(new NetworkChange().MakeBridge("br-test", MacAddress.Random(), 0))).Errno.ShouldBe(Errno.EEXIST);
        Should.Throw<LinuxException>(() => host.Link("nobody")).Errno.ShouldBe(Errno.ENODEV);
    }

    [Fact]
    public void Prefixes_in_use_are_those_of_routes_of_all_tables_and_of_rules()
    {
        _host.Run(
            """
            ip link set lo up
            ip link add d0 type bridge && ip link set d0 up && ip addr add 172.20.0.1/16 dev d0
            ip route add 10.8.0.0/24 dev d0 table 51820
            ip route add blackhole 10.66.0.0/16
            ip rule add to 192.168.77.0/24 lookup 51820
            ip rule add from 10.77.0.0/16 lookup 51820
            ip -6 rule add to fd77::/64 lookup 51820
            """);
        using var host = NetworkStack.Open(_host.Namespace);
        var routes = host.Routes().Select(route => $"{route.Destination} {route.Table}").ToList();
        routes.ShouldContain("172.20.0.0/16 254");
        routes.ShouldContain("10.8.0.0/24 51820");
        routes.ShouldContain("10.66.0.0/16 254");
        routes.ShouldNotContain(route => route.StartsWith("172.20.0.1/32", StringComparison.Ordinal));
        host.RulePrefixes().Select(prefix => prefix.ToString()).ShouldBe(["192.168.77.0/24", "10.77.0.0/16", "fd77::/64"], ignoreOrder: true);
    }

    [Fact]
    public void A_device_over_another_one_is_born_in_the_container()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        using var inside = NetworkStack.Open(_inside.Namespace);
        host.Apply(new NetworkChange().MakeBridge("parent", MacAddress.Random(), 0));
        var parent = host.Link("parent");
        var mac = MacAddress.Random();
        host.Apply(new NetworkChange().MakeMacvlan(
            parent.Index, MacvlanMode.Bridge, 0, new("eth0", InsideIndex, mac, NetworkNamespaceReference.Of(_inside.Namespace))));
        inside.Link("eth0").ShouldBe(new NetworkLink(InsideIndex, "eth0", "macvlan", false, 1500, mac, 0, parent.Index));
        _inside.Run("ip -d link show eth0").ShouldContain("macvlan mode bridge");
    }

    [Fact]
    public void A_port_is_told_what_to_do_with_its_own()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        host.Apply(new NetworkChange().MakeBridge("br-test", MacAddress.Random(), 0));
        host.Apply(new NetworkChange().MakeVeth(
            "veth-test", host.Link("br-test").Index, 0, "one", new("eth0", InsideIndex, MacAddress.Random(), NetworkNamespaceReference.Of(_inside.Namespace))));
        host.Apply(new NetworkChange().SetPort("veth-test", hairpin: true, isolated: true));
        var told = _host.Run("ip -d link show veth-test");
        told.ShouldContain("isolated on");
        told.ShouldContain("hairpin on");
    }

    /// <summary>A dump is longer than one answer; devices come and go meanwhile.</summary>
    [Fact]
    public void Many_devices_are_listed_whole()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        var change = new NetworkChange();
        for (var number = 0; number < 100; number++)
        {
            change.MakeBridge($"d{number}", MacAddress.Random(), 0);
        }

        host.Apply(change);
        host.Links().Count(link => link.Kind == "bridge").ShouldBe(100);

        // A hundred refusals are more than one answer too.
        var error = Should.Throw<LinuxException>(() => host.Apply(change));
        error.Errno.ShouldBe(Errno.EEXIST);
        error.Target.ShouldStartWith("d0");
    }

    [Fact]
    public void A_device_that_leads_nowhere()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        try
        {
            host.Apply(new NetworkChange().MakeDummy("nowhere"));
        }
        catch (LinuxException error) when (error.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip("this kernel has no dummy devices: " + error.Message);
        }

        host.Link("nowhere").Kind.ShouldBe("dummy");
    }

    [Fact]
    public void A_device_for_a_tag()
    {
        using var host = NetworkStack.Open(_host.Namespace);
        host.Apply(new NetworkChange().MakeBridge("parent", MacAddress.Random(), 0));
        try
        {
            host.Apply(new NetworkChange().MakeVlan("parent.10", host.Link("parent").Index, 10));
        }
        catch (LinuxException error) when (error.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip("this kernel has no vlan devices: " + error.Message);
        }

        host.Link("parent.10").ShouldSatisfyAllConditions(link => link.Kind.ShouldBe("vlan"), link => link.Up.ShouldBeTrue(), link => link.Peer.ShouldBe(host.Link("parent").Index));
        _host.Run("ip -d link show parent.10").ShouldContain("vlan protocol 802.1Q id 10");
    }
}
