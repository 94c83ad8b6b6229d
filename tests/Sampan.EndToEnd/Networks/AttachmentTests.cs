namespace Sampan.EndToEnd.Networks;

/// <summary>Networks that come to containers and leave them, running or not: devices, routes, names, records, and what is left.</summary>
public sealed class AttachmentTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void While_it_runs()
    {
        _host.Run(
            """
            sampan network create --subnet 10.1.1.0/24 aa >/dev/null; sampan network create --subnet 10.1.2.0/24 nn >/dev/null; sampan network create --subnet 10.1.3.0/24 --internal ii >/dev/null
            sampan run -d --name other --network aa busybox sleep 1000 >/dev/null
            sampan run -d --name cc --network nn busybox sleep 1000 >/dev/null
            """);
        _host.Try("sampan exec cc nslookup other").ExitCode.ShouldNotBe(0);

        // The network whose name comes first has the default route.
        _host.Run("sampan network connect --ip 10.1.1.77 --alias xx aa cc; sampan exec cc ip route").ShouldSay("default via 10.1.1.1 dev eth1", "10.1.2.0/24 dev eth0");
        _host.Run("sampan exec cc ip -4 -o addr show eth1").ShouldContain("10.1.1.77/24");
        _host.Run("sampan exec cc ping -c 1 -W 5 other").ShouldContain("1 packets received");
        _host.Run("sampan exec other nslookup xx").ShouldContain("Address: 10.1.1.77");
        _host.Run("sampan exec cc cat /etc/hosts").ShouldSay("\n10.1.1.77\t", "\n10.1.2.2\t", "10.1.1.1\thost.docker.internal\n");
        _host.Run("sampan network inspect -f '{{len .Containers}}' aa").ShouldBe("2");

        // An internal one never has it.
        _host.Run("sampan network connect ii cc; sampan exec cc ip route").ShouldSay("default via 10.1.1.1 dev eth1", "10.1.3.0/24 dev eth2");
        _host.Try("sampan network rm aa").ShouldFail(1, "has active endpoints");
        _host.Run("sampan network disconnect aa cc; sampan exec cc ip route").ShouldSay("default via 10.1.2.1 dev eth0");
        _host.Run("sampan exec cc cat /etc/hosts").ShouldNotContain("10.1.1.");
        _host.Try("sampan exec cc nslookup other").ExitCode.ShouldNotBe(0);
        _host.Try("sampan exec other nslookup xx").ExitCode.ShouldNotBe(0);

        // The number that is free is taken again; the last one may go.
        _host.Run("sampan network connect aa cc; sampan exec cc ip -o link show eth1").ShouldContain("eth1@");
        _host.Run("for net in nn ii aa; do sampan network disconnect $net cc; done; sampan exec cc ip -o link | wc -l; sampan inspect -f '{{json .NetworkSettings.Networks}}' cc").ShouldBe("1\n{}");
        _host.Run("sampan restart -t 0 cc >/dev/null; sampan exec cc ip -o link | wc -l; sampan network connect nn cc; sampan exec cc ip -4 -o addr show eth0").ShouldSay("1\n", "10.1.2.");
    }

    [Fact]
    public void While_it_does_not_and_over_restarts()
    {
        _host.Run(
            """
            for net in aa nn; do sampan network create $net >/dev/null; done
            sampan create --name cc --network nn --restart always busybox sleep 1000 >/dev/null
            sampan network connect --alias one --alias two,three aa cc; sampan start cc >/dev/null
            """);
        _host.Run("sampan inspect -f '{{range $name, $n := .NetworkSettings.Networks}}{{$name}} {{json $n.Aliases}} {{end}}' cc").ShouldContain("""aa ["one","two","three"]""");
        _host.Run("sampan exec cc ip -o -4 addr | wc -l").ShouldBe("3");
        var address = _host.Run("sampan inspect -f '{{.NetworkSettings.Networks.aa.IPAddress}}' cc");
        _host.Run("sampan network disconnect nn cc; sampan restart -t 0 cc >/dev/null; sampan inspect -f '{{.NetworkSettings.Networks.aa.IPAddress}}' cc").ShouldBe(address);
        _host.Run("sampan stop -t 0 cc >/dev/null; sampan network disconnect aa cc; sampan start cc >/dev/null; sampan exec cc ip -o link | wc -l").ShouldBe("1");
    }

    [Fact]
    public void From_the_bridge_to_a_network_with_names()
    {
        _host.Run(
            """
            sampan network create nn >/dev/null; sampan run -d --name other --network nn busybox sleep 1000 >/dev/null
            sampan run -d --name cc --network bridge --dns 192.0.2.53 busybox sleep 1000 >/dev/null
            sampan exec cc cat /etc/resolv.conf; sampan network connect nn cc
            """).ShouldContain("nameserver 192.0.2.53");
        _host.Run("sampan exec cc cat /etc/resolv.conf").ShouldContain("nameserver 127.0.0.11");
        _host.Run("sampan exec cc nslookup other").ShouldContain("Name:");

        // What the container wrote there itself stays.
        _host.Run("sampan run -d --name dd --network bridge busybox sleep 1000 >/dev/null; sampan exec dd sh -c 'echo nameserver 192.0.2.9 >/etc/resolv.conf; echo 192.0.2.8 mine >>/etc/hosts'");
        _host.Run("sampan network connect nn dd; sampan exec dd cat /etc/resolv.conf").ShouldBe("nameserver 192.0.2.9");
        _host.Run("sampan network disconnect bridge dd; sampan exec dd cat /etc/hosts").ShouldContain("192.0.2.8 mine\n");
    }

    [Fact]
    public void Over_IPv6()
    {
        _host.Run(
            """
            sampan network create --ipv6 --subnet fd00:aa::/64 aa >/dev/null; sampan network create --ipv6 --subnet fd00:bb::/64 nn >/dev/null; sampan network create bb >/dev/null
            sampan run -d --name cc --network nn busybox sleep 1000 >/dev/null; sampan run -d --name other --network aa --ip6 fd00:aa::99 busybox sleep 1000 >/dev/null
            """);
        _host.Run("sampan network connect bb cc; sampan exec cc ip -6 route").ShouldContain("default via fd00:bb::1 dev eth0");
        _host.Run("sampan exec cc ip -4 route").ShouldMatch("default via [0-9.]+ dev eth1");
        _host.Run("sampan network connect --ip6 fd00:aa::9 aa cc; sampan exec cc ip -6 route").ShouldContain("default via fd00:aa::1 dev eth2");
        _host.Run("sampan exec cc nslookup other").ShouldContain("Address: fd00:aa::99");
        _host.Run("sampan exec cc ping -6 -c 1 -W 5 fd00:aa::99").ShouldContain("1 packets received");
        _host.Run("sampan network disconnect aa cc; sampan exec cc ip -6 route").ShouldContain("default via fd00:bb::1 dev eth0");
        _host.Run("sampan exec cc cat /etc/hosts").ShouldNotContain("fd00:aa");
    }

    [Fact]
    public void From_none()
    {
        _host.Run("sampan network create nn >/dev/null; sampan run -d --name cc --network none busybox sleep 1000 >/dev/null");
        _host.Try("sampan network connect nn cc").ShouldFail(1, "container cannot be connected to multiple networks with one of the networks in private (none) mode");
        _host.Run("sampan network disconnect none cc; sampan network connect nn cc; sampan exec cc nslookup cc").ShouldContain("Name:");
        _host.Run("sampan exec cc ip route").ShouldContain("default via");
        _host.Try("sampan network connect none cc").ShouldFail(1, "private (none) mode");
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        _host.Run(
            """
            sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan network create oo >/dev/null
            sampan run -d --name cc --network nn --ip 10.1.1.9 busybox sleep 1000 >/dev/null
            sampan run -d --name hh --network host busybox sleep 1000 >/dev/null; sampan run -d --name jj --network container:cc busybox sleep 1000 >/dev/null
            sampan run -d --name bb --network bridge busybox sleep 1000 >/dev/null
            """);
        _host.Try("sampan network connect nn cc").ShouldFail(1, "endpoint with name cc already exists in network nn");
        _host.Try("sampan network connect nosuch cc").ShouldFail(1, "network nosuch not found");
        _host.Try("sampan network connect nn nosuch").ShouldFail(1, "No such container: nosuch");
        _host.Try("sampan network connect host cc").ShouldFail(1, "container cannot be disconnected from host network or connected to host network");
        _host.Try("sampan network connect nn hh").ShouldFail(1, "container sharing network namespace with another container or host cannot be connected to any other network");
        _host.Try("sampan network connect nn jj").ShouldFail(1, "container sharing network namespace with another container");
        _host.Try("sampan network disconnect host hh").ShouldFail(1, "container cannot be disconnected from host network");
        _host.Try("sampan network disconnect oo cc").ShouldFail(1, "is not connected to network oo");
        _host.Try("sampan network connect --ip 10.1.1.9 nn bb").ShouldFail(1, "Address already in use");
        _host.Try("sampan network connect --ip 10.9.9.9 nn bb").ShouldFail(1, "no configured subnet contains IP address 10.9.9.9");
        _host.Try("sampan network connect --ip 10.1.1.7 bridge cc").ShouldFail(1, "user specified IP address is supported on user defined networks only");
        _host.Try("sampan network connect --alias x bridge cc").ShouldFail(1, "network-scoped alias is supported only for containers in user defined networks");
        _host.Try("sampan network connect --link-local-ip 10.1.1.7 nn bb").ShouldFail(1, "invalid link local IP address: 10.1.1.7");
        _host.Try("sampan network connect --driver-opt foo=1 nn bb").ShouldFail(1, "unknown driver option \"foo\"");
        _host.Try("sampan network connect --driver-opt com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.nosuch=1 nn bb").ExitCode.ShouldBe(1);
        _host.Run("sampan network inspect -f '{{len .Containers}}' nn; sampan exec bb ip -o link | wc -l; sampan exec bb cat /etc/hosts | grep -c 10.1.1 || true").ShouldBe("1\n2\n0");
        _host.Run("sampan inspect -f '{{len .NetworkSettings.Networks}}' bb").ShouldBe("1");
    }

    [Fact]
    public void Options_of_the_device()
    {
        _host.Run("sampan network create --ipv6 --subnet 10.1.1.0/24 aa >/dev/null; sampan network create --subnet 10.1.2.0/24 nn >/dev/null");
        const string options = "com.docker.network.endpoint.ifname=wan0,\"com.docker.network.endpoint.sysctls=net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0\"";
        _host.Run($"sampan run -d --name cc --network aa --network 'name=nn,gw-priority=5,driver-opt={options.Replace(",\"", ",\"driver-opt=", StringComparison.Ordinal)},link-local-ip=169.254.7.7' busybox sleep 1000 >/dev/null");
        _host.Run("sampan exec cc ip route").ShouldContain("default via 10.1.2.1 dev wan0");
        _host.Run("sampan exec cc ip -4 -o addr show wan0").ShouldSay("10.1.2.2/24", "169.254.7.7/16");
        _host.Run("sampan exec cc sh -c 'cat /proc/sys/net/ipv4/conf/wan0/log_martians /proc/sys/net/ipv4/conf/wan0/forwarding'").ShouldBe("1\n0");
        _host.Run("sampan run -d --name dd --network aa busybox sleep 1000 >/dev/null");
        _host.Run($"sampan network connect --gw-priority -1 --link-local-ip 169.254.8.8,fe80::77 --driver-opt '{options}' nn dd; sampan exec dd ip route").ShouldContain("default via 10.1.1.1 dev eth0");
        _host.Run("sampan exec dd ip -o addr show wan0").ShouldSay("10.1.2.3/24", "169.254.8.8/16", "fe80::77/64");
        _host.Run("sampan exec dd cat /proc/sys/net/ipv4/conf/wan0/log_martians").ShouldBe("1");
        _host.Run("sampan inspect -f '{{with .NetworkSettings.Networks.nn}}{{.GwPriority}} {{json .IPAMConfig}} {{json .DriverOpts}}{{end}}' dd").ShouldBe(
            """-1 {"LinkLocalIPs":["169.254.8.8","fe80::77"]} {"com.docker.network.endpoint.ifname":"wan0","com.docker.network.endpoint.sysctls":"net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0"}""");
        _host.Try("sampan run --rm --network name=nn,driver-opt=foo=1 busybox true").ShouldFail(125, "unknown driver option \"foo\"");
        _host.Try("sampan run --rm --network name=nn,driver-opt=com.docker.network.endpoint.ifname=x0 --network name=aa,driver-opt=com.docker.network.endpoint.ifname=x0 busybox true")
            .ShouldFail(125, "the device x0 is that of network nn already");
    }

    [Fact]
    public void Ports_follow_the_default_route()
    {
        _host.Run(
            """
            for net in aa nn; do sampan network create $net >/dev/null; done; sampan network create --internal ii >/dev/null
            sampan run -d --name web --network nn -p 8080:80 busybox sh -c 'while :; do echo here | nc -l -p 80; done' >/dev/null
            sampan network connect aa web
            """);
        ShouldAnswer();
        _host.Run("sampan network disconnect nn web");
        ShouldAnswer();
        _host.Run("sampan network disconnect aa web; sampan network connect ii web");
        _host.Try("busybox nc -w 1 127.0.0.1 8080 </dev/null").ExitCode.ShouldNotBe(0);
        _host.Run("sampan network connect nn web");
        ShouldAnswer();
    }

    [Fact]
    public void Events_tell_of_it()
    {
        _host.Run(
            """
            for net in aa nn; do sampan network create $net >/dev/null; done
            sampan run -d --name cc --network nn busybox sleep 1000 >/dev/null; sampan network connect aa cc; sampan network disconnect nn cc; sampan stop -t 0 cc >/dev/null
            sampan run --rm --name hh --network host busybox true
            """);
        var id = _host.Run("sampan inspect -f '{{.Id}}' cc");
        var events = _host.Run("sampan events --since 1h --until 0s --filter type=network --filter event=connect --filter event=disconnect --format '{{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.type}} {{.Actor.Attributes.container}}'");
        events.ShouldStartWith($"connect nn bridge {id}\nconnect aa bridge {id}\ndisconnect nn bridge {id}\ndisconnect aa bridge {id}\nconnect host host ");
        events.Split('\n')[^1].ShouldStartWith("disconnect host host ");
        _host.Run("sampan events --since 1h --until 0s --format '{{.Type}} {{.Action}}'").ShouldSay("network connect\ncontainer start\n", "container die\nnetwork disconnect\n");
    }

    [Fact]
    public void A_container_that_is_renamed_is_known_by_its_new_name()
    {
        _host.Run("sampan network create nn >/dev/null; for name in cc other; do sampan run -d --name $name --network nn busybox sleep 1000 >/dev/null; done; sampan rename cc late");
        _host.Run("sampan exec other nslookup late").ShouldContain("Name:");
        _host.Try("sampan exec other nslookup cc").ExitCode.ShouldNotBe(0);
        _host.Run("sampan network inspect -f '{{range .Containers}}{{println .Name}}{{end}}' nn | sort | xargs").ShouldBe("late other");
        _host.Run("sampan restart -t 0 late >/dev/null; sampan exec other nslookup late").ShouldContain("Name:");
    }

    private void ShouldAnswer() =>
        Patience.ShouldCome(() => _host.Try("busybox nc -w 2 127.0.0.1 8080 </dev/null").Text == "here", "8080: " + _host.Try("busybox nc -w 2 127.0.0.1 8080 </dev/null"));
}
