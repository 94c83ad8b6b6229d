using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Tests.Networks;

/// <summary>Drivers with a parent, networks of one family, configuration networks: their records, and what is refused.</summary>
public sealed class NetworkKindTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-networks-").FullName;
    private readonly NetworkStore _networks;

    public NetworkKindTests() => _networks = new(new(_folder + "/root", _folder + "/state"));

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Options_of_drivers_with_a_parent()
    {
        var usual = ParentOptions.Of("macvlan", null);
        (usual.Parent, usual.MacvlanMode, usual.IpvlanMode, usual.IpvlanFlag, usual.Mtu).ShouldBe((null, MacvlanMode.Bridge, IpvlanMode.L2, IpvlanFlag.Bridge, 0));
        ParentOptions.Of("macvlan", Options("parent=eth0.10", "macvlan_mode=passthru", "com.docker.network.driver.mtu=1400"))
            .ShouldBe(Read("macvlan", "macvlan_mode=passthru", "com.docker.network.driver.mtu=1400", "parent=eth0.10"));
        Read("macvlan", "macvlan_mode=vepa").MacvlanMode.ShouldBe(MacvlanMode.Vepa);
        Read("macvlan", "macvlan_mode=private").MacvlanMode.ShouldBe(MacvlanMode.Private);
        Read("macvlan", "macvlan_mode=", "parent=").ShouldBe(usual);
        Read("ipvlan", "ipvlan_mode=l3s", "ipvlan_flag=vepa").ShouldBe(Read("ipvlan", "ipvlan_flag=vepa", "ipvlan_mode=l3s"));
        Read("ipvlan", "ipvlan_mode=l3s").IsRouted.ShouldBeTrue();
        Read("ipvlan", "ipvlan_mode=l3").IsRouted.ShouldBeTrue();
        Read("ipvlan", "ipvlan_mode=l2").IsRouted.ShouldBeFalse();
        Read("ipvlan", "ipvlan_flag=private").IpvlanFlag.ShouldBe(IpvlanFlag.Private);
        Should.Throw<SampanException>(static () => Read("macvlan", "com.docker.network.driver.mtu=9")).Message.ShouldContain("a number from 68 to 65535 is expected");
        Should.Throw<SampanException>(static () => Read("macvlan", "parent=a/b")).Message.ShouldContain("a device's name of at most 15 characters is expected");
    }

    [Fact]
    public void Only_a_bridge_has_an_address_of_its_own()
    {
        var network = Macvlan("aa", "10.5.0.0/24", "10.6.0.0/24");
        network.Addressing.Select(static addressing => (addressing.Subnet, addressing.Gateway)).ShouldBe([("10.5.0.0/24", ""), ("10.6.0.0/24", "")]);
        network.Addressing[0].Range.CanBeGiven(System.Net.IPAddress.Parse("10.5.0.1")).ShouldBeTrue();
        (network.Link, network.OwnsLink, network.HasWayOut, network.IsClosed).ShouldBe(("lo.parent", false, false, false));
        (network with { Addressing = [new() { Subnet = "10.5.0.0/24", Gateway = "10.5.0.9" }] }).HasWayOut.ShouldBeTrue();
        (network with { Internal = true }).IsClosed.ShouldBeTrue();
        (network with { Options = null }).IsClosed.ShouldBeTrue();
        var routed = network with { Driver = "ipvlan", Options = Options("parent=eth0", "ipvlan_mode=l3") };
        (routed.HasWayOut, routed.IsRoutedByDevice).ShouldBe((true, true));
    }

    [Fact]
    public void One_family_or_the_other()
    {
        var network = _networks.Create(new() { Name = "six", EnableIPv6 = true, IPv6Only = true });
        network.Addressing.ShouldHaveSingleItem().IsIPv6.ShouldBeTrue();
        Refused(new() { Name = "none1", IPv6Only = true }, ErrorKind.InvalidArgument).ShouldBe("IPv4 or IPv6 must be enabled");
        Refused(new() { Name = "none1", IPv6Only = true, EnableIPv6 = true, Subnets = ["10.1.0.0/24"] }, ErrorKind.InvalidArgument).ShouldBe("subnet 10.1.0.0/24 is one of IPv4: leave --ipv4=false out");
        new NetworkStore(new(_folder + "/root", _folder + "/state")).Find("six").IPv6Only.ShouldBeTrue();
    }

    [Fact]
    public void What_is_configuration_alone_has_no_prefix_that_is_taken()
    {
        var source = _networks.Create(new() { Name = "conf", ConfigOnly = true, Subnets = ["10.7.0.0/24"], Ranges = ["10.7.0.128/25"], AuxiliaryAddresses = Options("x=10.7.0.5"), Labels = Options("a=b") });
        (source.Driver, source.Link, source.Addressing[0].Gateway).ShouldBe(("null", "", ""));
        var made = _networks.Create(new() { Name = "made", ConfigFrom = "conf" });
        (made.Driver, made.Addressing[0].Subnet, made.Addressing[0].IPRange, made.Addressing[0].Gateway).ShouldBe(("bridge", "10.7.0.0/24", "10.7.0.128/25", "10.7.0.1"));
        made.Addressing[0].AuxiliaryAddresses.ShouldBe(Options("x=10.7.0.5"));
        made.Labels.ShouldBe(Options("a=b"));
        Refused(new() { Name = "other", ConfigFrom = "conf" }, ErrorKind.Conflict).ShouldStartWith("Pool overlaps with other one on this address space");
        Should.Throw<SampanException>(() => _networks.Remove("conf")).Message.ShouldBe("configuration network \"conf\" is in use");
        _networks.Prune(static _ => true).ShouldBe(["made"]);
        _networks.Remove("conf").ShouldBeTrue();
    }

    [Fact]
    public void The_default_route_goes_where_there_is_a_way_out()
    {
        var closed = new NetworkRecord { Name = "aa", Driver = "macvlan", Options = Options("parent=eth0"), Addressing = [new() { Subnet = "10.5.0.0/24" }] };
        var open = new NetworkRecord { Name = "zz", Addressing = [new() { Subnet = "10.6.0.0/24", Gateway = "10.6.0.1" }] };
        GatewayOrder.Compare(closed, 100, open, 0).ShouldBeGreaterThan(0);
        GatewayOrder.Compare(open, 0, closed, 100).ShouldBeLessThan(0);
    }

    private static Dictionary<string, string> Options(params string[] pairs) =>
        pairs.ToDictionary(static pair => pair[..pair.IndexOf('=', StringComparison.Ordinal)], static pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    private static ParentOptions Read(string driver, params string[] pairs) => ParentOptions.Of(driver, Options(pairs));

    // As a record: a test without rights has no device to name.
    private static NetworkRecord Macvlan(string name, params string[] subnets) => new()
    {
        Id = new('a', 64),
        Name = name,
        Driver = "macvlan",
        Link = "lo.parent",
        Options = Options("parent=lo.parent"),
        Addressing = SubnetPlan.Of(new() { Name = name, Driver = "macvlan", Subnets = subnets }).Addressing,
    };

    private string Refused(NetworkCreateRequest request, ErrorKind kind)
    {
        var problem = Should.Throw<SampanException>(() => _networks.Create(request));
        problem.Kind.ShouldBe(kind);
        _networks.TryFind(request.Name).ShouldBeNull();
        return problem.Message;
    }
}
