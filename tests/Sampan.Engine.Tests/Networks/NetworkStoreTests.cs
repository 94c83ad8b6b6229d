using System.Net;
using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Tests.Networks;

/// <summary>Networks as records: which prefixes they have, and what is refused.</summary>
public sealed class NetworkStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-networks-").FullName;
    private readonly NetworkStore _networks;

    public NetworkStoreTests() => _networks = new(Paths);

    private EnginePaths Paths => new(_folder + "/root", _folder + "/state");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Three_are_always_there_and_keep_their_ids()
    {
        var before = _networks.List();
        before.Select(static network => (network.Name, network.Driver, network.Link))
            .ShouldBe([("bridge", "bridge", Paths.Distinct("sampan0", "sampan-")), ("host", "host", ""), ("none", "null", "")]);
        before.Select(static network => network.Id).Distinct().Count().ShouldBe(3);
        new NetworkStore(Paths).List().Select(static network => network.Id).ShouldBe(before.Select(static network => network.Id));
        foreach (var name in (string[])["bridge", "host", "none"])
        {
            Refused(() => _networks.Remove(name), ErrorKind.Forbidden).ShouldBe($"{name} is a pre-defined network and cannot be removed");
            Refused(() => Make(name), ErrorKind.Forbidden).ShouldBe($"operation is not permitted on predefined {name} network");
        }
    }

    [Fact]
    public void Prefixes_are_chosen_apart_from_all_others()
    {
        List<IPNetwork> all = [IPNetwork.Parse(_networks.Find("bridge").Addressing[0].Subnet)];
        for (var number = 0; number < 20; number++)
        {
            var network = Make($"n{number}");
            var addressing = network.Addressing.ShouldHaveSingleItem();
            var subnet = IPNetwork.Parse(addressing.Subnet);
            subnet.PrefixLength.ShouldBe(24);
            addressing.Gateway.ShouldBe(AddressRange.FirstOf(subnet).ToString());
            all.ShouldNotContain(other => AddressPrefix.Overlap(other, subnet));
            all.Add(subnet);
        }
    }

    [Fact]
    public void Both_families_where_IPv6_is_wanted()
    {
        var network = _networks.Create(new() { Name = "both", EnableIPv6 = true });
        network.Addressing.Count.ShouldBe(2);
        network.Addressing[1].Subnet.ShouldStartWith("fd");
        network.Addressing[1].Subnet.ShouldEndWith("/64");
        network.Addressing[1].Gateway.ShouldBe(network.Addressing[1].Subnet.Replace("/64", "1", StringComparison.Ordinal));

        network = _networks.Create(new() { Name = "given", EnableIPv6 = true, Subnets = ["fd00:9::/64", "10.77.0.0/16"], Gateways = ["fd00:9::5"] });
        network.Addressing.Select(static addressing => (addressing.Subnet, addressing.Gateway))
            .ShouldBe([("10.77.0.0/16", "10.77.0.1"), ("fd00:9::/64", "fd00:9::5")]);
    }

    [Fact]
    public void A_prefix_is_taken_once()
    {
        // As the tutorials write it: by the bridge's own address.
        var network = _networks.Create(new() { Name = "testbridge1", Subnets = ["10.200.0.1/24"] });
        network.Addressing[0].Subnet.ShouldBe("10.200.0.0/24");
        network.Addressing[0].Gateway.ShouldBe("10.200.0.1");
        network.Link.ShouldBe("testbridge1");
        Refused(() => _networks.Create(new() { Name = "other", Subnets = ["10.200.0.128/25"] }), ErrorKind.Conflict)
            .ShouldStartWith("Pool overlaps with other one on this address space");
        Refused(() => Make("testbridge1"), ErrorKind.Conflict).ShouldBe("network with name testbridge1 already exists");
        _networks.TryFind("other").ShouldBeNull();
        _networks.Remove("testbridge1").ShouldBeTrue();
        _networks.Create(new() { Name = "other", Subnets = ["10.200.0.128/25"] }).Addressing[0].Gateway.ShouldBe("10.200.0.129");
    }

    [Fact]
    public void Many_at_once_take_different_prefixes()
    {
        Parallel.For(0, 12, number => new NetworkStore(Paths).Create(new() { Name = $"n{number}" }));
        _networks.List().SelectMany(static network => network.Addressing).Select(static addressing => addressing.Subnet).Distinct().Count().ShouldBe(13);
    }

    [Theory]
    [InlineData("--subnet 10.0.0.0", "invalid subnet 10.0.0.0 : invalid CIDR address: 10.0.0.0")]
    [InlineData("--subnet 10.0.0.0/31", "invalid subnet 10.0.0.0/31: a bridge and a container need a prefix of 1 to 30 bits")]
    [InlineData("--subnet fd00::/64", "subnet fd00::/64 is one of IPv6: give --ipv6 too")]
    [InlineData("--subnet 10.1.0.0/16 --subnet 10.1.2.0/24", "multiple overlapping subnet configuration is not supported")]
    [InlineData("--subnet 10.1.0.0/16 --subnet 10.2.0.0/16", "subnets 10.1.0.0/16 and 10.2.0.0/16: a bridge network has one of each family")]
    [InlineData("--ip-range 10.1.0.0/16", "every ip-range or gateway must have a corresponding subnet")]
    [InlineData("--subnet 10.1.0.0/16 --ip-range 10.2.0.0/24", "no matching subnet for range 10.2.0.0/24")]
    [InlineData("--subnet 10.1.0.0/16 --ip-range 10.0.0.0/8", "no matching subnet for range 10.0.0.0/8")]
    [InlineData("--subnet 10.1.0.0/16 --gateway 10.2.0.1", "no matching subnet for gateway 10.2.0.1")]
    [InlineData("--subnet 10.1.0.0/16 --gateway 10.1.0", "invalid gateway address: 10.1.0")]
    [InlineData("--subnet 10.1.0.0/16 --gateway 10.1.0.0", "gateway 10.1.0.0 is the first or the last address of 10.1.0.0/16: no host can have it")]
    [InlineData("--subnet 10.1.0.0/16 --aux-address a=10.2.0.1", "no matching subnet for aux-address 10.2.0.1")]
    [InlineData("--opt com.docker.network.driver.mtu=20", "invalid value \"20\" for network option com.docker.network.driver.mtu: a number from 68 to 65535 is expected")]
    [InlineData("--opt com.docker.network.bridge.name=a/b", "invalid value \"a/b\" for network option com.docker.network.bridge.name: a device's name of at most 15 characters is expected")]
    public void What_makes_no_sense_is_refused(string flags, string complaint)
    {
        var words = flags.Split(' ');
        List<string> Values(string flag) => [.. words.Index().Where(word => word.Item == flag).Select(word => words[word.Index + 1])];
        Refused(
            () => _networks.Create(new()
            {
                Name = "n",
                Subnets = Values("--subnet"),
                Ranges = Values("--ip-range"),
                Gateways = Values("--gateway"),
                AuxiliaryAddresses = Values("--aux-address").ToDictionary(static pair => pair.Split('=')[0], static pair => pair.Split('=')[1]),
                Options = Values("--opt").ToDictionary(static pair => pair.Split('=')[0], static pair => pair.Split('=')[1]),
            }),
            ErrorKind.InvalidArgument).ShouldBe(complaint);
        _networks.TryFind("n").ShouldBeNull();
    }

    [Fact]
    public void Options_that_mean_nothing_here_are_named()
    {
        Refused(() => _networks.Create(new() { Name = "n", Options = new Dictionary<string, string> { ["no.such"] = "1" } }), ErrorKind.InvalidArgument)
            .ShouldStartWith("unknown network option \"no.such\": use ");
        Refused(() => _networks.Create(new() { Name = "n", Driver = "nosuch" }), ErrorKind.NotFound).ShouldBe("plugin \"nosuch\" not found: use bridge, macvlan or ipvlan");
        Refused(() => _networks.Create(new() { Name = "a b" }), ErrorKind.InvalidArgument).ShouldStartWith("invalid network name \"a b\"");
        Refused(() => _networks.Create(new() { Name = "../x" }), ErrorKind.InvalidArgument).ShouldStartWith("invalid network name \"../x\"");
    }

    [Fact]
    public void Found_by_name_id_and_the_beginning_of_an_id()
    {
        var network = Make("some");
        _networks.Find("some").Id.ShouldBe(network.Id);
        _networks.Find(network.Id).Name.ShouldBe("some");
        _networks.Find(network.Id[..12]).Name.ShouldBe("some");
        Refused(() => _networks.Find("nosuch"), ErrorKind.NotFound).ShouldBe("network nosuch not found");
    }

    [Fact]
    public void A_damaged_record_hides_no_other_and_can_be_removed()
    {
        Make("whole");
        Make("hurt");
        File.WriteAllText(_folder + "/root/networks/hurt.json", "{");
        _networks.List().Select(static network => network.Name).ShouldBe(["bridge", "host", "none", "whole"]);
        Refused(() => _networks.Find("hurt"), ErrorKind.Internal).ShouldContain("the record of network hurt is damaged");
        _networks.Remove("hurt").ShouldBeTrue();
        _networks.TryFind("hurt").ShouldBeNull();
    }

    [Fact]
    public void Prune_leaves_those_that_are_always_there()
    {
        Make("a");
        Make("b");
        _networks.Prune(static network => network.Name != "b").ShouldBe(["a"]);
        _networks.List().Select(static network => network.Name).ShouldBe(["b", "bridge", "host", "none"]);
    }

    private static string Refused(Action act, ErrorKind kind)
    {
        var problem = Should.Throw<SampanException>(act);
        problem.Kind.ShouldBe(kind);
        return problem.Message;
    }

    private NetworkRecord Make(string name) => _networks.Create(new() { Name = name });
}
