namespace Sampan.EndToEnd.Networks;

/// <summary>Networks without IPv4, networks that are configuration alone, and which of all are unused.</summary>
public sealed class NetworkKindTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void IPv6_alone()
    {
        using var far = new FarHost(_host);
        _host.Run("sampan network create --ipv4=false --ipv6 --subnet fd00:66::/64 six >/dev/null");
        _host.Run("sampan network inspect -f '{{.EnableIPv4}} {{.EnableIPv6}} {{len .IPAM.Config}}' six; sampan network ls --filter name=six --format '{{.IPv4}} {{.IPv6}}'").ShouldBe("false true 1\nfalse true");
        _host.Run("sampan run -d --name web --network six -p 8080:80 busybox sh -c 'while :; do echo here | nc -l -p 80; done' >/dev/null");
        _host.Run("sampan exec web ip -o addr show eth0").ShouldNotContain("inet ");
        _host.Run("sampan exec web ip -6 route").ShouldContain("default via fd00:66::1 dev eth0");
        _host.Run("sampan inspect -f '{{with .NetworkSettings.Networks.six}}{{.IPAddress}}|{{.IPPrefixLen}}|{{.GlobalIPv6Address}}|{{.IPv6Gateway}}|{{.MacAddress}}{{end}}' web").ShouldBe("|0|fd00:66::2|fd00:66::1|02:42:00:00:00:02");
        _host.Run("ip -4 -o addr show six").ShouldBeEmpty();

        // Names: no IPv4 address is one that nobody has, and the resolver is where it always is.
        _host.Run("sampan run --rm --network six busybox sh -c 'cat /etc/resolv.conf /etc/hosts; nslookup web; ping -c 1 -W 5 web'")
            .ShouldSay("nameserver 127.0.0.11", "fd00:66::1\thost.docker.internal", "fd00:66::2", "1 packets received");

        // It is published by the family it speaks, and by that alone.
        _host.Run("sampan port web").ShouldBe("80/tcp -> [::]:8080");
        Patience.ShouldCome(() => _host.Try("busybox nc -w 2 ::1 8080 </dev/null").Text == "here", "the host's ::1");
        Patience.ShouldCome(() => _host.Try(far.Enter + "busybox nc -w 2 2001:db8::1 8080 </dev/null").Text == "here", "another host");
        _host.Try("busybox nc -w 1 127.0.0.1 8080 </dev/null").ExitCode.ShouldNotBe(0);
        _host.Try("sampan run --rm --network six -p 127.0.0.1:8081:80 busybox true").ShouldFail(125, "cannot publish 80/tcp on 127.0.0.1: container ", "has no IPv4 address");
        _host.Run("sampan run --rm --network six busybox ping -c 1 -W 5 2001:db8::9").ShouldContain("1 packets received");

        // By both families once another network has the other.
        _host.Run("sampan network create four >/dev/null; sampan network connect four web; sampan exec web ip route").ShouldContain("default via 10.");
        _host.Run("sampan exec web ip -6 route; sampan restart -t 0 web >/dev/null; sampan port web").ShouldSay("default via fd00:66::1", "0.0.0.0:8080", "[::]:8080");
        Patience.ShouldCome(() => _host.Try(far.Enter + "busybox nc -w 2 192.0.2.1 8080 </dev/null").Text == "here", "another host by IPv4");
        Patience.ShouldCome(() => _host.Try(far.Enter + "busybox nc -w 2 2001:db8::1 8080 </dev/null").Text == "here", "another host by IPv6");
        _host.Run("sampan network disconnect four web; sampan network rm four");
        Patience.ShouldCome(() => _host.Try(far.Enter + "busybox nc -w 2 2001:db8::1 8080 </dev/null").Text == "here", "another host by IPv6 still");
        _host.Try("sampan network create --ipv4=false xx").ShouldFail(1, "IPv4 or IPv6 must be enabled");
        _host.Try("sampan network create --ipv4=false --ipv6 --subnet 10.1.1.0/24 xx").ShouldFail(1, "subnet 10.1.1.0/24 is one of IPv4: leave --ipv4=false out");
    }

    [Fact]
    public void Configuration_alone_and_what_is_made_of_it()
    {
        _host.Run("sampan network create --config-only --subnet 10.91.1.0/24 --gateway 10.91.1.9 --ip-range 10.91.1.128/25 --label a=b --ipam-opt x=y -o com.docker.network.driver.mtu=1400 conf >/dev/null");
        _host.Run("sampan network inspect -f '{{.Driver}} {{.ConfigOnly}} {{json .IPAM.Options}} {{json .IPAM.Config}}' conf")
            .ShouldBe("null true {\"x\":\"y\"} [{\"Subnet\":\"10.91.1.0/24\",\"IPRange\":\"10.91.1.128/25\",\"Gateway\":\"10.91.1.9\"}]");
        _host.Run("sampan network create --config-from conf made >/dev/null; sampan network inspect -f '{{.Driver}} {{.ConfigOnly}} {{.ConfigFrom.Network}} {{json .Labels}} {{json .Options}}' made")
            .ShouldBe("bridge false conf {\"a\":\"b\"} {\"com.docker.network.driver.mtu\":\"1400\"}");
        _host.Run("sampan run --rm --network made busybox sh -c 'ip addr show eth0; ip route'").ShouldSay("mtu 1400", "10.91.1.128/24", "default via 10.91.1.9");
        _host.Try("sampan network create --config-from conf again").ShouldFail(1, "Pool overlaps with other one on this address space");
        _host.Try("sampan network create --config-from nosuch other").ShouldFail(1, "configuration network \"nosuch\" does not exist");
        _host.Try("sampan network create --config-from made other").ShouldFail(1, "configuration network \"made\" does not exist");
        _host.Try("sampan network create --config-from conf --label c=d other").ShouldFail(1, "user specified configurations are not supported if the network depends on a configuration network");
        _host.Try("sampan network create --config-from conf -o x=y other").ShouldFail(1, "network driver options are not supported if the network depends on a configuration network");
        _host.Try("sampan network create --config-only --config-from conf other").ShouldFail(1, "a configuration network cannot depend on another configuration network");
        _host.Try("sampan network create --config-only --internal other").ShouldFail(1, "configuration network can only contain network specific fields");
        _host.Try("sampan run --rm --network conf busybox true").ShouldFail(125, "cannot create endpoint on configuration-only network");
        _host.Run("sampan run -d --name cc --network none busybox sleep 1000 >/dev/null; sampan run -d --name dd busybox sleep 1000 >/dev/null");
        _host.Try("sampan network connect conf dd").ShouldFail(1, "cannot create endpoint on configuration-only network");
        _host.Try("sampan network rm conf").ShouldFail(1, "configuration network \"conf\" is in use");

        // Nobody can be on it, and yet it stays.
        _host.Run("sampan network ls -q --filter dangling=true | wc -l; sampan network prune -f; sampan network ls --format '{{.Name}} {{.Driver}}' --filter name=conf; sampan network rm conf").ShouldSay("2\n", "Deleted Networks:\nmade\n", "conf null\nconf");
    }

    [Fact]
    public void Unused_ones_are_found_and_pruned()
    {
        _host.Run("for net in aa bb cc; do sampan network create --label of=$net $net >/dev/null; done; sampan run -d --name xx --network aa busybox sleep 1000 >/dev/null; sampan create --network bb --name yy busybox >/dev/null");
        _host.Run("sampan network ls --filter dangling=true --format '{{.Name}}' | xargs; sampan network ls --filter dangling=0 --format '{{.Name}}' | xargs").ShouldBe("bb cc\naa bridge host none");
        _host.Try("sampan network ls --filter dangling=x").ShouldFail(1, "invalid filter");
        _host.Run("sampan network inspect -v -f '{{.Name}}' aa; sampan network inspect --verbose aa | grep -c '\"Name\": \"xx\"'").ShouldBe("aa\n1");
        _host.Try("echo n | sampan system prune").Output.ShouldContain("  - all stopped containers\n  - all networks not used by at least one container\n");
        _host.Run("sampan system prune -f --filter label=of=cc").ShouldContain("Deleted Networks:\ncc\n");
        _host.Run("sampan system prune -f").ShouldContain("Deleted Networks:\nbb\n");
        _host.Run("sampan network ls --filter type=custom --format '{{.Name}}'").ShouldBe("aa");
    }
}
