namespace Sampan.EndToEnd.Networks;

/// <summary>Containers on bridges: addresses, names, who reaches whom, and what is left of them.</summary>
public sealed class BridgeTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_tutorials_walk()
    {
        _host.Run("sampan network create --driver bridge --subnet 10.200.0.1/24 testbridge1 >/dev/null; sampan network list --format '{{.Name}}' | xargs")
            .ShouldBe("bridge host none testbridge1");
        _host.Run("sampan run -d --name one -net testbridge1 busybox sh -c 'while :; do echo hello | nc -l -p 80; done' >/dev/null");
        _host.Run("ip -br addr show testbridge1").ShouldContain("10.200.0.1/24");
        _host.Run("sampan inspect -f '{{.NetworkSettings.Networks.testbridge1.IPAddress}} {{.NetworkSettings.Networks.testbridge1.Gateway}}' one").ShouldBe("10.200.0.2 10.200.0.1");
        _host.Run("sampan run --rm -net testbridge1 busybox sh -c 'ip -4 -o addr show eth0; ping -c 1 -W 5 10.200.0.2; ip route'")
            .ShouldSay("10.200.0.3/24", "1 packets received", "default via 10.200.0.1 dev eth0");
        _host.Run("busybox nc -w 5 10.200.0.2 80 </dev/null").ShouldBe("hello");
        _host.Try("sampan network remove testbridge1").ShouldFail(1, "error while removing network: network testbridge1 id ", "has active endpoints");
        _host.Run("sampan rm -f one >/dev/null; sampan network remove testbridge1").ShouldBe("testbridge1");
        _host.Run("ip -br link | grep -c testbridge1 || true; table | grep -c testbridge1 || true").ShouldBe("0\n0");
    }

    [Fact]
    public void The_one_that_is_always_there()
    {
        var seen = _host.Run("sampan run --rm --network bridge --hostname h1 busybox sh -c 'cat /etc/hosts; ip -o link show eth0; ip -4 -o addr show eth0; cat /proc/sys/net/ipv4/ip_unprivileged_port_start'");
        var gateway = _host.Run("sampan network inspect -f '{{(index .IPAM.Config 0).Gateway}}' bridge");
        var address = gateway[..^1] + "2";
        seen.ShouldSay($"{address}\th1\n", $"{gateway}\thost.docker.internal\n", $"inet {address}/24");
        seen.ShouldSay("2: eth0@", "02:42:");
        seen.ShouldEndWith("\n0");
        _host.Run("ip -br addr | grep ^sampan").ShouldContain(gateway + "/24");

        // As with docker it has no name server: the file is the host's.
        _host.Run("sampan run --rm --network bridge --dns 192.0.2.53 busybox cat /etc/resolv.conf").ShouldContain("nameserver 192.0.2.53");
        _host.Run("sampan run -d --name cc --network default busybox sleep 1000 >/dev/null; sampan network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{end}}' bridge")
            .ShouldMatch($"^cc {System.Text.RegularExpressions.Regex.Escape(gateway[..^1])}[0-9]+/24$");
        _host.Run("sampan ps --format '{{.Names}} {{.Networks}}' --filter network=bridge").ShouldBe("cc bridge");
        _host.Run("sampan network prune -f; sampan network ls -q | wc -l").ShouldBe("3");
    }

    [Fact]
    public void Names_are_answered_on_networks_that_were_made()
    {
        _host.Run(
            """
            sampan network create n1 >/dev/null; sampan network create --internal n2 >/dev/null
            sampan run -d --name web --network n1 --network-alias www --network-alias both busybox sleep 1000 >/dev/null
            sampan run -d --name db --network name=n1,alias=both --network name=n2,alias=store busybox sleep 1000 >/dev/null
            """);
        var web = Address("web", "n1");
        var db = Address("db", "n1");
        _host.Run("sampan exec db nslookup web 127.0.0.11").ShouldContain("Address: " + web);
        _host.Run("sampan exec db nslookup www").ShouldContain("Address: " + web);
        _host.Run("sampan exec web nslookup both").ShouldSay("Address: " + web, "Address: " + db);
        _host.Run($"sampan exec web nslookup {web}").ShouldContain("web.n1");
        _host.Run("sampan exec web ping -c 1 -W 5 db").ShouldContain("1 packets received");
        _host.Run("sampan exec web cat /etc/resolv.conf").ShouldSay("nameserver 127.0.0.11", "options ndots:0");
        _host.Try("sampan exec web nslookup store").ExitCode.ShouldNotBe(0);

        // Who comes and goes is known to who is there.
        _host.Run("sampan run -d --name late --network n1 busybox sleep 1000 >/dev/null; sampan exec web nslookup late").ShouldContain("Address: " + Address("late", "n1"));
        _host.Run("sampan rm -f late >/dev/null");
        _host.Try("sampan exec web nslookup late").ExitCode.ShouldNotBe(0);
        _host.Run("sampan exec db ip -o -4 addr").ShouldSay("eth0", "eth1");
        _host.Run("sampan inspect -f '{{json .NetworkSettings.Networks.n2.Gateway}} {{json .NetworkSettings.Networks.n1.Aliases}}' db").ShouldBe("\"\" [\"both\"]");
    }

    [Fact]
    public void Networks_are_apart_and_internal_ones_have_no_way_out()
    {
        _host.Run(
            """
            sampan network create a >/dev/null; sampan network create b >/dev/null; sampan network create --internal i >/dev/null
            for net in a b i; do sampan run -d --name c$net --network $net busybox sleep 1000 >/dev/null; done
            """);
        _host.Try($"sampan exec ca ping -c 1 -W 1 {Address("cb", "b")}").ExitCode.ShouldBe(1);
        _host.Try($"sampan exec cb ping -c 1 -W 1 {Address("ca", "a")}").ExitCode.ShouldBe(1);
        _host.Run("sampan exec ci ip route").ShouldNotContain("default");
        _host.Run("sampan run --rm --network container:ca busybox ip -4 -o addr show eth0").ShouldContain(Address("ca", "a"));
    }

    [Fact]
    public void Other_hosts_see_the_hosts_address()
    {
        // A host beyond a wire: it knows no way to containers, so it can only answer the host itself.
        _host.Run(
            """
            sampan network create a >/dev/null
            ip link add wire type veth peer name far; ip addr add 192.0.2.1/24 dev wire; ip link set wire up
            """);
        using var beyond = new RunningCommand("/usr/bin/nsenter", [.. _host.Entrance, "unshare", "--net", "sh", "-ec", "ip link set lo up; echo ready; exec sleep 100000"]);
        beyond.Expect("ready");
        try
        {
            _host.Run($"ip link set far netns {beyond.Pid}; nsenter --net=/proc/{beyond.Pid}/ns/net sh -ec 'ip addr add 192.0.2.9/24 dev far; ip link set far up'");
            _host.Run("sampan run --rm --network a busybox ping -c 1 -W 5 192.0.2.9").ShouldContain("1 packets received");
            _host.Run("sampan network create --internal i >/dev/null");
            _host.Try("sampan run --rm --network i busybox ping -c 1 -W 1 192.0.2.9").ExitCode.ShouldNotBe(0);
        }
        finally
        {
            beyond.Signal(9);
            beyond.Wait();
        }
    }

    [Fact]
    public void Addresses_that_are_asked_for()
    {
        _host.Run("sampan network create --ipv6 --subnet 10.77.0.0/24 --subnet fd00:77::/64 --ip-range 10.77.0.128/30 n >/dev/null");
        _host.Run("sampan run -d --name xx --network n --ip 10.77.0.9 --ip6 fd00:77::9 --mac-address 92:d0:c6:0a:29:33 busybox sleep 1000 >/dev/null; sampan exec xx ip addr show eth0")
            .ShouldSay("10.77.0.9/24", "fd00:77::9/64", "92:d0:c6:0a:29:33");
        _host.Try("sampan run --rm --network n --ip 10.77.0.9 busybox true").ShouldFail(125, "Address already in use");
        _host.Try("sampan run --rm --network n --ip 10.78.0.9 busybox true").ShouldFail(125, "no configured subnet contains IP address 10.78.0.9");
        _host.Try("sampan run --rm --network bridge --ip 10.77.0.9 busybox true").ShouldFail(125, "user specified IP address is supported on user defined networks only");
        _host.Try("sampan run --rm --network nosuch busybox true").ShouldFail(125, "network nosuch not found");

        // Four addresses, and no fifth; a container that ends gives its own back.
        _host.Run("for i in 1 2 3 4; do sampan run -d --name r$i --network n busybox sleep 1000 >/dev/null; done");
        _host.Try("sampan run --rm --network n busybox true").ShouldFail(125, "no available IPv4 addresses on this network's address pools: n");
        var third = Address("r3", "n");
        _host.Run("sampan restart -t 0 r3 >/dev/null");
        Address("r3", "n").ShouldBe(third);
        _host.Run("sampan stop -t 0 r3 >/dev/null; sampan run --rm --network n busybox ip -4 -o addr show eth0").ShouldContain(third);
    }

    [Fact]
    public void What_is_taken_away_comes_back()
    {
        _host.Run("sampan network create --subnet 10.66.0.0/24 n >/dev/null; sampan run --rm --network n busybox true; nft flush ruleset; ip link del dev n");
        _host.Run("sampan run --rm --network n busybox ping -c 1 -W 5 10.66.0.1").ShouldContain("1 packets received");
        _host.Run("ip -br addr show n").ShouldContain("10.66.0.1/24");
        _host.Run("table").ShouldContain("\"n\"");
    }

    [Fact]
    public void A_monitor_that_dies_takes_nothing_with_it()
    {
        _host.Run("sampan network create n >/dev/null; sampan run -d --name cc --network n busybox sleep 1000 >/dev/null; sampan run -d --name other --network n busybox sleep 1000 >/dev/null");
        var address = Address("cc", "n");
        Processes.Kill(_host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc")));
        _host.Run("sampan ps -q | wc -l").ShouldBe("2");

        // The next monitor answers names where the first one did.
        _host.Run("sampan exec cc nslookup other").ShouldContain("Address: " + Address("other", "n"));
        Address("cc", "n").ShouldBe(address);

        // Both die: the address is free again once somebody has looked.
        var pid = _host.Files.Pid("cc");
        Processes.Kill(_host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc")));
        _ = Native.kill(pid, Native.SIGKILL);
        Patience.ShouldCome(() => _host.Run("sampan ps -q | wc -l") == "1", "it is seen to have ended");
        _host.Run("sampan network inspect -f '{{len .Containers}}' n").ShouldBe("1");
    }

    private string Address(string container, string network) =>
        _host.Run($"sampan inspect -f '{{{{.NetworkSettings.Networks.{network}.IPAddress}}}}' {container}");
}
