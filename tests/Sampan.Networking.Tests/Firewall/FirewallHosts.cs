using System.Globalization;
using System.Net;
using Sampan.Linux.Netfilter;
using Sampan.Linux.Netlink;
using Sampan.Linux.Tests.Netlink;
using Sampan.Networking.Firewall;

namespace Sampan.Networking.Tests.Firewall;

/// <summary>
/// A host with three networks (a; b, whose containers are kept apart; i, an internal one), two containers on each, and another host beside it
/// that knows the way to the containers' addresses. Each has a server on port 80.
/// </summary>
internal sealed class FirewallHosts : IDisposable
{
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const string Address = "192.0.2.1";
    public const string Address6 = "2001:db8::1";

    private readonly Dictionary<string, NetworkHost> _hosts = [];
    private readonly TcpServers _servers;

    /// <param name="bridgesAreFiltered">Whether packets within a bridge pass the filter too (br_netfilter), as where docker or Kubernetes run.</param>
    public FirewallHosts(bool bridgesAreFiltered)
    {
        this["host"].Run(
            $"""
            ip link set lo up
            sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            for which in iptables ip6tables; do
                test ! -e /proc/sys/net/bridge/bridge-nf-call-$which || sysctl -qw net.bridge.bridge-nf-call-$which={(bridgesAreFiltered ? 1 : 0)}
            done
            """);
        using (var host = NetworkStack.Open(this["host"].Namespace))
        {
            host.Apply(new NetworkChange().MakeBridge("wire", MacAddress.Random(), 0));
            Wire(host, "wire", "outside", isolated: false);
            Give(host, "wire", Address + "/24", Address6 + "/64");
            Give("outside", "192.0.2.9/24", "2001:db8::9/64", "10.0.0.0/8", "fd00::/8", Address, Address6);
            foreach (var (number, network) in new[] { (1, "a"), (2, "b"), (3, "i") })
            {
                var bridge = "br-" + network;
                host.Apply(new NetworkChange().MakeBridge(bridge, MacAddress.Random(), 0));
                Give(host, bridge, $"10.{number}.0.1/24", $"fd00:{number}::1/64");
                for (var container = 1; container <= 2; container++)
                {
                    Wire(host, bridge, $"{network}{container}", isolated: network == "b");
                    Give(
                        $"{network}{container}", $"10.{number}.0.1{container}/24", $"fd00:{number}::1{container}/64",
                        "0.0.0.0/0", "::/0", $"10.{number}.0.1", $"fd00:{number}::1");
                }
            }
        }

        this["host"].Run("for bridge in br-a br-b br-i; do sysctl -qw net.ipv4.conf.$bridge.route_localnet=1; done");
        Meet();
        Filter = Nftables.Open(this["host"].Namespace);
        _servers = new(_hosts.Where(host => host.Key != "host"));
    }

    public static FirewallNetwork NetworkA { get; } =
        new("br-a", false, [IPNetwork.Parse("10.1.0.0/24"), IPNetwork.Parse("fd00:1::/64")], true, true, true);

    public static FirewallNetwork NetworkB { get; } =
        new("br-b", false, [IPNetwork.Parse("10.2.0.0/24"), IPNetwork.Parse("fd00:2::/64")], false, true, true);

    public static FirewallNetwork NetworkI { get; } =
        new("br-i", true, [IPNetwork.Parse("10.3.0.0/24"), IPNetwork.Parse("fd00:3::/64")], true, false, false);

    public static IReadOnlyList<PublishedPort> Ports { get; } =
    [
        new(Tcp, IPAddress.Any, 8080, IPAddress.Parse("10.1.0.11"), 80, "a1"),
        new(Tcp, IPAddress.IPv6Any, 8080, IPAddress.Parse("fd00:1::11"), 80, "a1"),
        new(Tcp, IPAddress.Parse(Address), 8081, IPAddress.Parse("10.2.0.11"), 80, "b1"),
        new(Tcp, IPAddress.Loopback, 8082, IPAddress.Parse("10.1.0.12"), 80, "a2"),
        new(Udp, IPAddress.Any, 5353, IPAddress.Parse("10.1.0.11"), 53, "a1"),
        new(Tcp, IPAddress.Parse(Address6), 8083, IPAddress.Parse("fd00:2::11"), 80, "b1"),
    ];

    public Nftables Filter { get; }

    public NetworkHost this[string name]
    {
        get
        {
            if (!_hosts.TryGetValue(name, out var host))
            {
                _hosts[name] = host = new();
            }

            return host;
        }
    }

    public void Dispose()
    {
        _servers.Dispose();
        Filter.Dispose();
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    /// <summary>Connects to an address and port.</summary>
    /// <returns>"NAME ADDRESS": who answers, and whose address it sees; "no" when nobody answers.</returns>
    public string Ask(string from, string to) => TcpServers.Ask(this[from], IPEndPoint.Parse(to));

    private static InterfaceAddress Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new(IPAddress.Parse(text[..slash]), int.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    private static void Give(NetworkStack stack, string device, string four, string six)
    {
        var index = stack.Link(device).Index;
        stack.Apply(new NetworkChange().AddAddress(index, device, Parse(four)).AddAddress(index, device, Parse(six)));
    }

    private void Give(string name, string four, string six, string way4, string way6, string gateway4, string gateway6)
    {
        using var inside = NetworkStack.Open(this[name].Namespace);
        inside.Apply(new NetworkChange()
            .SetUp(1, "lo").AddAddress(2, "eth0", Parse(four)).AddAddress(2, "eth0", Parse(six)).SetUp(2, "eth0")
            .AddRoute(IPNetwork.Parse(way4), IPAddress.Parse(gateway4), 2).AddRoute(IPNetwork.Parse(way6), IPAddress.Parse(gateway6), 2));
    }

    // A bridge is ready for IPv6 up to a second after its first port is: what is sent before waits for the next solicitation.
    private void Meet()
    {
        var gateways = _hosts.Where(host => host.Key != "host")
            .Select(host => (host.Value, host.Key == "outside" ? Address6 : $"fd00:{" abi".IndexOf(host.Key[0], StringComparison.Ordinal)}::1"));
        gateways.AsParallel().ForAll(pair => pair.Value.Run($"busybox ping -c 1 -W 10 {pair.Item2}").ShouldContain("1 packets received"));
    }

    private void Wire(NetworkStack host, string bridge, string name, bool isolated) => host.Apply(new NetworkChange()
        .MakeVeth(
            "to-" + name, host.Link(bridge).Index, 0, name, new("eth0", 2, MacAddress.Random(), NetworkNamespaceReference.Of(this[name].Namespace)))
        .SetPort("to-" + name, hairpin: true, isolated));
}
