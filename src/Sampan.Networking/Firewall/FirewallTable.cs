using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Netfilter;
using Sampan.Networking.Addresses;

namespace Sampan.Networking.Firewall;

/// <summary>
/// The table inet sampan: its chains are always the same; networks and published ports are elements of its sets and maps, so that what a packet
/// costs does not grow with their number. Other tables are not touched. The chain "user" is an administrator's: it is made, and never emptied.
/// </summary>
/// <param name="name">Its name.</param>
public sealed class FirewallTable(string name)
{
    /// <summary>The name of the engine's whose state is at the usual place.</summary>
    public const string UsualName = "sampan";

    /// <summary>The chain whose rules an administrator writes. Every packet to, from and between containers passes it first; a published port
    /// is there by its original number in "ct original proto-dst".</summary>
    public const string UserChain = "user";

    /// <summary>Its name.</summary>
    public string Name => name;

    private const int DestinationNat = -100;
    private const int SourceNat = 100;
    private const int Raw = -300;
    private const int PortOffset = 2;
    private const int PortLength = 2;

    private static readonly NftSet Ports4 = new(
        "ports4", [NftType.Protocol, NftType.Ipv4Address, NftType.Service], [NftType.Ipv4Address, NftType.Service]);

    private static readonly NftSet AllPorts4 = new(
        "all_ports4", [NftType.Protocol, NftType.Service], [NftType.Ipv4Address, NftType.Service]);

    private static readonly NftSet Ports6 = new(
        "ports6", [NftType.Protocol, NftType.Ipv6Address, NftType.Service], [NftType.Ipv6Address, NftType.Service]);

    private static readonly NftSet AllPorts6 = new(
        "all_ports6", [NftType.Protocol, NftType.Service], [NftType.Ipv6Address, NftType.Service]);

    // What no translation can serve, since the container has only IPv4: it comes to a socket of its monitor's, which carries it.
    private static readonly NftSet Relayed6 = new(
        "relayed6", [NftType.Protocol, NftType.Ipv6Address, NftType.Service], [NftType.Ipv4Address, NftType.Service]);

    private static readonly NftSet AllRelayed6 = new(
        "all_relayed6", [NftType.Protocol, NftType.Service], [NftType.Ipv4Address, NftType.Service]);

    private static readonly NftSet Bridges = new("bridges", [NftType.InterfaceName], []);
    private static readonly NftSet Internal = new("internal", [NftType.InterfaceName], []);
    private static readonly NftSet Masquerade4 = new("masquerade4", [NftType.InterfaceName], []);
    private static readonly NftSet Masquerade6 = new("masquerade6", [NftType.InterfaceName], []);
    private static readonly NftSet Together = new("together", [NftType.InterfaceName, NftType.InterfaceName], []);

    private static readonly NftSet Subnets4 = new("subnets4", [NftType.Ipv4Address, NftType.InterfaceName], [], Intervals: true);
    private static readonly NftSet Subnets6 = new("subnets6", [NftType.Ipv6Address, NftType.InterfaceName], [], Intervals: true);

    private static readonly NftSet[] Sets =
        [Ports4, AllPorts4, Ports6, AllPorts6, Relayed6, AllRelayed6, Bridges, Internal, Masquerade4, Masquerade6, Together, Subnets4, Subnets6];

    /// <summary>Kept with the table: another one means that another Sampan wrote it, and it is written anew.</summary>
    public static ReadOnlySpan<byte> Stamp => "2"u8;

    /// <summary>Writes the table whole, whatever was in it; the chain "user" stays.</summary>
    /// <param name="networks">All networks.</param>
    /// <param name="ports">All published ports.</param>
    /// <returns>The changes.</returns>
    public NftTransaction Write(IReadOnlyCollection<FirewallNetwork> networks, IReadOnlyCollection<PublishedPort> ports)
    {
        var change = new NftTransaction(name).MakeTable(Stamp);
        MakeChains(change);
        foreach (var set in Sets)
        {
            change.MakeSet(set).EmptySet(set);
        }

        WritePublishing(change);
        WriteRelaying(change);
        WriteForwarding(change);
        WriteHiding(change);
        foreach (var network in networks)
        {
            Elements(network, (set, element) => change.AddElements(set, [element]));
        }

        return Publish(change, ports);
    }

    /// <summary>Adds a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The changes.</returns>
    public NftTransaction Add(FirewallNetwork network)
    {
        var change = new NftTransaction(name);
        Elements(network, (set, element) => change.AddElements(set, [element]));
        return change;
    }

    /// <summary>Removes a network.</summary>
    /// <inheritdoc cref="Add"/>
    public NftTransaction Remove(FirewallNetwork network)
    {
        var change = new NftTransaction(name);
        Elements(network, (set, element) => change.RemoveElements(set, [element]));
        return change;
    }

    /// <summary>Opens ports.</summary>
    /// <param name="ports">The ports; the kernel refuses one that leads elsewhere already (EEXIST), and then opens none.</param>
    /// <returns>The changes.</returns>
    public NftTransaction Publish(IEnumerable<PublishedPort> ports) => Publish(new(name), ports);

    /// <summary>Closes ports.</summary>
    /// <param name="ports">The ports; the kernel refuses where one is not open (ENOENT), and then closes none.</param>
    /// <returns>The changes.</returns>
    public NftTransaction Withdraw(IEnumerable<PublishedPort> ports) => Withdraw(new(name), ports);

    /// <summary>Closes ports and opens others, all or none.</summary>
    /// <param name="closed">As for <see cref="Withdraw(IEnumerable{PublishedPort})"/>.</param>
    /// <param name="opened">As for <see cref="Publish(IEnumerable{PublishedPort})"/>.</param>
    /// <returns>The changes.</returns>
    public NftTransaction Replace(IEnumerable<PublishedPort> closed, IEnumerable<PublishedPort> opened) =>
        Publish(Withdraw(new(name), closed), opened);

    private static NftTransaction Withdraw(NftTransaction change, IEnumerable<PublishedPort> ports)
    {
        foreach (var part in ports.GroupBy(MapOf))
        {
            change.RemoveElements(part.Key, part.Select(Element));
        }

        return change;
    }

    /// <summary>The ports that are open, from the kernel's own view.</summary>
    /// <param name="filter">The filter of the host's namespace.</param>
    /// <returns>The ports; empty when there is no table.</returns>
    /// <exception cref="Sampan.Linux.LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<PublishedPort> Published(Nftables filter)
    {
        var ports = new List<PublishedPort>();
        if (filter.FindTable(name) is null)
        {
            return ports;
        }

        foreach (var map in (ReadOnlySpan<NftSet>)[Ports4, AllPorts4, Ports6, AllPorts6, Relayed6, AllRelayed6])
        {
            foreach (var element in filter.Elements(name, map.Name))
            {
                ports.Add(Read(element, map));
            }
        }

        return ports;
    }

    /// <summary>How much there is in the table; what is in the administrator's chain does not count.</summary>
    /// <param name="filter">The filter of the host's namespace, which has the table.</param>
    /// <returns>Rules; elements of sets, of networks; elements of maps, of ports.</returns>
    /// <exception cref="Sampan.Linux.LinuxException">The kernel refuses.</exception>
    public (int Rules, int Elements, int Ports) Count(Nftables filter)
    {
        var (rules, elements, ports) = (0, 0, 0);
        foreach (var (chain, count) in filter.CountRules(name))
        {
            rules += chain == UserChain ? 0 : count;
        }

        foreach (var set in Sets)
        {
            try
            {
                var count = filter.Elements(name, set.Name).Count;
                _ = set.Value.Count > 0 ? ports += count : elements += count;
            }
            catch (Sampan.Linux.LinuxException problem) when (problem.Errno == Sampan.Linux.Errno.ENOENT)
            {
                // Somebody took it away, or another version wrote the table.
                continue;
            }
        }

        return (rules, elements, ports);
    }

    private static NftTransaction Publish(NftTransaction change, IEnumerable<PublishedPort> ports)
    {
        foreach (var part in ports.GroupBy(MapOf))
        {
            change.AddElements(part.Key, part.Select(Element));
        }

        return change;
    }

    private static void MakeChains(NftTransaction change) => change
        .MakeChain(UserChain)
        .MakeChain("publish").EmptyChain("publish")
        .MakeChain(new NftBaseChain("martians", "filter", NftHook.Prerouting, Raw)).EmptyChain("martians")
        .MakeChain(new NftBaseChain("prerouting", "nat", NftHook.Prerouting, DestinationNat)).EmptyChain("prerouting")
        .MakeChain(new NftBaseChain("output", "nat", NftHook.Output, DestinationNat)).EmptyChain("output")
        .MakeChain(new NftBaseChain("input", "filter", NftHook.Input, 0)).EmptyChain("input")
        .MakeChain(new NftBaseChain("forward", "filter", NftHook.Forward, 0)).EmptyChain("forward")
        .MakeChain(new NftBaseChain("postrouting", "nat", NftHook.Postrouting, SourceNat)).EmptyChain("postrouting");

    // Whoever connects to an address of this host, from wherever, this host included.
    private static void WritePublishing(NftTransaction change)
    {
        change.AddRule("publish", new NftRule().NotToThisHost().Return());

        // ::1 cannot leave by another device as 127.0.0.1 can: the monitor carries what comes to it.
        change.AddRule("publish", new NftRule().To(IPNetwork.Parse("::1/128")).Return());
        foreach (var (family, one, all) in (ReadOnlySpan<(AddressFamily, NftSet, NftSet)>)
            [(AddressFamily.InterNetwork, Ports4, AllPorts4), (AddressFamily.InterNetworkV6, Ports6, AllPorts6)])
        {
            var registers = family == AddressFamily.InterNetworkV6 ? 4 : 1;
            change.AddRule("publish", new NftRule()
                .Family(family).Meta(MetaKey.TransportProtocol, 0).Destination(family, 1).TransportHeader(PortOffset, PortLength, 1 + registers)
                .Find(one, 0).Translate(family, 0, registers));
            change.AddRule("publish", new NftRule()
                .Family(family).Meta(MetaKey.TransportProtocol, 0).TransportHeader(PortOffset, PortLength, 1)
                .Find(all, 0).Translate(family, 0, registers));
        }

        change.AddRule("prerouting", new NftRule().Jump("publish")).AddRule("output", new NftRule().Jump("publish"));

        // route_localnet lets 127.0.0.1:PORT be published; it must not let containers reach what listens there (CVE-2020-8558).
        change.AddRule("martians", Via(MetaKey.InputName, Bridges).To(IPNetwork.Parse("127.0.0.0/8")).Drop());
    }

    // What a monitor carries passes the administrator's chain as what is forwarded does, and comes from no internal network.
    private static void WriteRelaying(NftTransaction change) => change
        .AddRule("input", Relayed(Via(MetaKey.InputName, Internal), Relayed6).Drop())
        .AddRule("input", Relayed(Via(MetaKey.InputName, Internal), AllRelayed6).Drop())
        .AddRule("input", Relayed(new NftRule(), Relayed6).Jump(UserChain))
        .AddRule("input", Relayed(new NftRule(), AllRelayed6).Jump(UserChain));

    private static NftRule Relayed(NftRule rule, NftSet ports)
    {
        var hasAddress = ports == Relayed6;
        rule.Family(AddressFamily.InterNetworkV6).Meta(MetaKey.TransportProtocol, 0);
        return (hasAddress ? rule.Destination(AddressFamily.InterNetworkV6, 1) : rule)
            .TransportHeader(PortOffset, PortLength, hasAddress ? 5 : 1).Find(ports, 0);
    }

    private static void WriteForwarding(NftTransaction change) => change
        .AddRule("forward", Via(MetaKey.InputName, Bridges, not: true).Meta(MetaKey.OutputName, 0).NotIn(Bridges, 0).Accept())
        .AddRule("forward", new NftRule().Jump(UserChain))
        .AddRule("forward", new NftRule().State(ConnectionStates.Established | ConnectionStates.Related).Accept())
        .AddRule("forward", OnOne().Accept())
        .AddRule("forward", Via(MetaKey.InputName, Internal).Drop())
        .AddRule("forward", Via(MetaKey.OutputName, Internal).Drop())
        .AddRule("forward", new NftRule().Translated().Accept())
        .AddRule("forward", Via(MetaKey.OutputName, Bridges).Drop());

    private static void WriteHiding(NftTransaction change) => change

        // By way of the host to a container of the same network: its answer would go past the host and be nobody's. Told by address, because
        // with br_netfilter such a packet has come in by no device.
        .AddRule("postrouting", Back(AddressFamily.InterNetwork, Subnets4, 1))
        .AddRule("postrouting", Back(AddressFamily.InterNetworkV6, Subnets6, 4))
        .AddRule("postrouting", Outwards(AddressFamily.InterNetwork, Masquerade4))
        .AddRule("postrouting", Outwards(AddressFamily.InterNetworkV6, Masquerade6))
        .AddRule("postrouting", new NftRule().From(IPNetwork.Parse("127.0.0.0/8")).Meta(MetaKey.OutputName, 0).In(Bridges, 0).Masquerade());

    private static NftRule Outwards(AddressFamily family, NftSet set) =>
        new NftRule().Family(family).Meta(MetaKey.InputName, 0).In(set, 0).Meta(MetaKey.OutputName, 0).NotIn(Bridges, 0).Masquerade();

    private static NftRule Back(AddressFamily family, NftSet subnets, int registers) =>
        new NftRule().Translated().Family(family).Source(family, 0).Meta(MetaKey.OutputName, registers).In(subnets, 0).Masquerade();

    private static NftRule OnOne() => new NftRule().Meta(MetaKey.InputName, 0).Meta(MetaKey.OutputName, 4).In(Together, 0);

    private static NftRule Via(MetaKey device, NftSet set, bool not = false)
    {
        var rule = new NftRule().Meta(device, 0);
        return not ? rule.NotIn(set, 0) : rule.In(set, 0);
    }

    private static void Elements(FirewallNetwork network, Action<NftSet, NftElement> add)
    {
        var bridge = NftSet.InterfaceName(network.Bridge);
        foreach (var (set, member) in (ReadOnlySpan<(NftSet, bool)>)
            [(Bridges, true), (Internal, network.Internal), (Masquerade4, network.Masquerade4), (Masquerade6, network.Masquerade6)])
        {
            if (member)
            {
                add(set, new(bridge, [], ""));
            }
        }

        if (network.Together)
        {
            add(Together, new(NftSet.Join(bridge, bridge), [], ""));
        }

        foreach (var subnet in network.Subnets)
        {
            add(
                subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? Subnets4 : Subnets6,
                new(NftSet.Join(subnet.BaseAddress.GetAddressBytes(), bridge), [], "") { Last = NftSet.Join(LastOf(subnet), bridge) });
        }
    }

    private static bool IsAny(PublishedPort port) => port.HostAddress.Equals(IPAddress.Any) || port.HostAddress.Equals(IPAddress.IPv6Any);

    private static NftSet MapOf(PublishedPort port) => (port.HostAddress.AddressFamily, port.IsRelayed, IsAny(port)) switch
    {
        (AddressFamily.InterNetwork, _, true) => AllPorts4,
        (AddressFamily.InterNetwork, _, false) => Ports4,
        (_, true, true) => AllRelayed6,
        (_, true, false) => Relayed6,
        (_, false, true) => AllPorts6,
        _ => Ports6,
    };

    private static NftElement Element(PublishedPort port) => new(
        IsAny(port)
            ? NftSet.Join([port.Protocol], Number(port.HostPort))
            : NftSet.Join([port.Protocol], port.HostAddress.GetAddressBytes(), Number(port.HostPort)),
        NftSet.Join(port.ContainerAddress.GetAddressBytes(), Number(port.ContainerPort)),
        port.Container);

    private static PublishedPort Read(NftElement element, NftSet map)
    {
        byte[] key = element.Key, value = element.Value;
        var address = map == AllPorts4 ? IPAddress.Any : map == AllPorts6 || map == AllRelayed6 ? IPAddress.IPv6Any : new(key.AsSpan(4, key.Length - 8));
        return new(
            key[0], address, BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(key.Length - 4)),
            new(value.AsSpan(0, value.Length - 4)), BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(value.Length - 4)), element.Comment);
    }

    private static byte[] LastOf(IPNetwork subnet) =>
        AddressNumber.ToAddress(AddressNumber.Last(subnet), subnet.BaseAddress.AddressFamily).GetAddressBytes();

    private static byte[] Number(ushort port) => [(byte)(port >> 8), (byte)port];
}
