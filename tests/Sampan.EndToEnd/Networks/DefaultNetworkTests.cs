using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Networks;

/// <summary>The network of a container that names none: what it has there, what an administrator says of it, and two engines on one host.</summary>
public sealed class DefaultNetworkTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_is_the_bridge()
    {
        _host.Run("sampan run -d --name one --hostname first busybox sleep 1000 >/dev/null; sampan run -d --name two --network default busybox sleep 1000 >/dev/null");
        var (one, two) = (Address("one"), Address("two"));
        one.ShouldNotBe(two);
        _host.Run("sampan inspect -f '{{.HostConfig.NetworkMode}}' one two").ShouldBe("bridge\nbridge");
        _host.Run("sampan exec one ip route").ShouldContain("default via ");
        _host.Run("sampan exec one cat /etc/hosts").ShouldSay($"{one}\tfirst", "host.docker.internal");
        _host.Run($"sampan exec one ping -c 1 -W 5 {two}").ShouldContain("1 packets received");
        _host.Run("sampan exec one ping -c 1 -W 5 host.docker.internal").ShouldContain("1 packets received");

        // No names on this network, as with docker.
        _host.Try("sampan exec one ping -c 1 -W 1 two").ExitCode.ShouldNotBe(0);
        _host.Run("sampan network inspect -f '{{len .Containers}}' bridge").ShouldBe("2");
        _host.Run("sampan restart -t 0 one >/dev/null");
        Address("one").ShouldBe(one);
    }

    [Fact]
    public void An_administrator_can_have_it_otherwise()
    {
        Configure("""{"bridge": "none"}""");
        _host.Run("sampan run --rm busybox ls /sys/class/net").ShouldBe("lo");
        _host.Try("sampan run --rm -p 80 busybox true").ShouldFail(125, "give --network bridge");
        _host.Run("sampan run --rm --network bridge busybox ls /sys/class/net").ShouldContain("eth0");

        Configure("""{"default-address-pools": [{"base": "10.99.0.0/25", "size": 26}], "ip": "127.0.0.1"}""");
        _host.Run("for i in 1 2; do sampan network create n$i >/dev/null; done; sampan network inspect -f '{{(index .IPAM.Config 0).Subnet}}' n1 n2").ShouldBe("10.99.0.0/26\n10.99.0.64/26");
        _host.Try("sampan network create n3").ShouldFail(1, "could not find an available, non-overlapping IPv4 address pool");
        _host.Run("sampan run -d --name web -p 8080:80 busybox sleep 1000 >/dev/null; sampan port web").ShouldBe("80/tcp -> 127.0.0.1:8080");

        Configure("""{"mtu": 1400}""");
        _host.Try("sampan run --rm busybox true").ShouldFail(125, _host.Configuration + "/networks.json: unknown key \"mtu\"");
    }

    [Fact]
    public void A_resolver_at_the_hosts_loopback_address_is_asked_there()
    {
        // What systemd-resolved and dnsmasq leave on a host: a server that no container reaches.
        Programs.Require("dnsmasq-base", "dnsmasq", "is a host's own resolver");
        var resolver = Path.Combine(_host.Files.Folder, "resolv.conf");
        File.WriteAllText(resolver, "nameserver 127.0.0.1\n");
        using var server = new RunningCommand(
            "/usr/bin/nsenter", [.. _host.Entrance, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1", "--pid-file=", "--user=root", "--address=/far.example/192.0.2.77", "--local=/far.example/"]);
        Patience.ShouldCome(() => _host.Run("cat /proc/net/udp").Contains("0100007F:0035 ", StringComparison.Ordinal), "it listens");
        try
        {
            var script = "exec unshare --mount sh -ec 'mount --bind \"$1\" /etc/resolv.conf; shift; exec \"$@\"' sh " + resolver + " \"$binary\" --root \"$root\" --state \"$state\" ";
            _host.Run($"({script} run --rm busybox sh -c 'cat /etc/resolv.conf; nslookup far.example')").ShouldSay("nameserver 127.0.0.11", "192.0.2.77");
            _host.Run($"({script} run --rm --dns 192.0.2.53 busybox cat /etc/resolv.conf)").ShouldNotContain("127.0.0.11");
        }
        finally
        {
            server.Signal(9);
            server.Wait();
        }
    }

    [Fact]
    public void At_the_usual_place_the_names_are_the_usual()
    {
        var folder = Path.Combine(_host.Files.Folder, "usual");
        Directory.CreateDirectory(folder);
        _host.Run(
            """
            exec unshare --mount --propagation private bash -ec '
                mkdir -p /var/lib/sampan /run/sampan
                mount -t tmpfs none /var/lib/sampan; mount -t tmpfs none /run/sampan
                "$1" --root "$2" --state "$3" save busybox | "$1" load >/dev/null
                "$1" run --rm busybox ip -4 -o addr show eth0
                ip -br link show sampan0; nft list tables
                "$1" run --rm --name web -d busybox sleep 1000 >/dev/null; "$1" rm -f web' bash "$binary" "$root" "$state"
            """).ShouldSay("eth0", "sampan0", "table inet sampan");
    }

    [Fact]
    public void Two_engines_share_a_host()
    {
        const string other = "other() { \"$binary\" --root \"$root/other\" --state \"$state/other\" \"$@\"; }; ";
        const string open = "nft list ruleset | grep -cE 'tcp . (8081|8082) '";
        try
        {
            _host.Run(
                other + """
                sampan save busybox | other load >/dev/null
                sampan run -d --name one -p 8081:80 busybox sleep 1000 >/dev/null
                other run -d --name one -p 8082:80 busybox sleep 1000 >/dev/null
                """);
            var mine = Address("one");
            var its = _host.Run(other + "other inspect -f '{{.NetworkSettings.IPAddress}}' one");
            mine.ShouldNotBe(its);
            _host.Run("nft list tables inet | grep -c sampan-").ShouldBe("2");

            // One of each family.
            _host.Run(open).ShouldBe("4");
            _host.Try($"sampan exec one ping -c 1 -W 1 {its}").ExitCode.ShouldBe(1, "they are apart");
            _host.Run(other + $"other rm -f one; {open}").ShouldBe("one\n2");
            _host.Run($"busybox ping -c 1 -W 5 {mine}").ShouldContain("1 packets received");
        }
        finally
        {
            _host.Run(other + "other ps -aq | xargs -r \"$binary\" --root \"$root/other\" --state \"$state/other\" rm -f");
        }
    }

    [Fact]
    public void A_route_that_came_meanwhile_has_its_prefix()
    {
        var before = _host.Run("sampan network inspect -f '{{(index .IPAM.Config 0).Subnet}}' bridge");
        _host.Run($"ip link add tun type veth peer name far; ip link set tun up; ip link set far up; ip route add {before} dev tun");
        _host.Run("sampan run --rm busybox ip -4 -o addr show eth0").ShouldContain("inet ");
        _host.Run("sampan network inspect -f '{{(index .IPAM.Config 0).Subnet}}' bridge").ShouldNotBe(before);
    }

    private string Address(string container) => _host.Run($"sampan inspect -f '{{{{.NetworkSettings.IPAddress}}}}' {container}");

    private void Configure(string content) => File.WriteAllText(Path.Combine(_host.Configuration, "networks.json"), content);
}
