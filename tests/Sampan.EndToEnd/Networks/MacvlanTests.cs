namespace Sampan.EndToEnd.Networks;

/// <summary>
/// Containers with devices over one of the host's. VLANs, ipvlan and devices that lead nowhere are looked at in the machine with a kernel that has them
/// (tests/Vm, networks/*); here what a kernel without them says.
/// </summary>
public sealed class MacvlanTests : IDisposable
{
    private const string Create = "sampan network create -d macvlan --subnet 192.0.2.0/24 --ip-range 192.0.2.64/26 --gateway 192.0.2.9 -o parent=wire";

    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void On_the_wire()
    {
        using var far = new FarHost(_host);
        _host.Run(
            Create + " --ipv6 --subnet 2001:db8::/64 mm >/dev/null; sampan run -d --name aa --network mm --ip 192.0.2.50 --ip6 2001:db8::50 --mac-address 92:d0:c6:0a:29:33 --network-alias alias busybox sleep 1000 >/dev/null");
        _host.Run("sampan exec aa ip addr show eth0").ShouldSay("192.0.2.50/24", "2001:db8::50/64", "92:d0:c6:0a:29:33");
        _host.Run("sampan exec aa ip route").ShouldContain("default via 192.0.2.9 dev eth0");

        // It is a host of its own there, with its own hardware address.
        _host.Run(far.Enter + "busybox ping -c 1 -W 5 192.0.2.50").ShouldContain("1 packets received");
        _host.Run(far.Enter + "busybox ping -c 1 -W 5 2001:db8::50").ShouldContain("1 packets received");
        _host.Run(far.Enter + "ip neigh show 192.0.2.50").ShouldContain("92:d0:c6:0a:29:33");
        _host.Run("sampan exec aa ping -c 1 -W 5 192.0.2.9").ShouldContain("1 packets received");
        _host.Run("sampan run --rm --network mm busybox sh -c 'ping -c 1 -W 5 aa && nslookup alias && cat /etc/hosts'").ShouldSay("1 packets received", "192.0.2.50", "192.0.2.64\t");

        // Who leads out is not the host: there is no name for that.
        _host.Run("sampan exec aa cat /etc/hosts").ShouldNotContain("host.docker.internal");
        _host.Try("sampan run --rm --network mm --add-host x:host-gateway busybox true").ShouldFail(125, "host-gateway needs a bridge network");
        _host.Run("sampan network inspect -f '{{.Driver}} {{json .Options}} {{range .Containers}}{{.IPv4Address}} {{.MacAddress}}{{end}}' mm")
            .ShouldBe("macvlan {\"parent\":\"wire\"} 192.0.2.50/24 92:d0:c6:0a:29:33");
        _host.Run("sampan inspect -f '{{with .NetworkSettings.Networks.mm}}{{.Gateway}} {{.IPAddress}} {{.GlobalIPv6Address}} {{.MacAddress}}{{end}}' aa").ShouldBe("192.0.2.9 192.0.2.50 2001:db8::50 92:d0:c6:0a:29:33");
        _host.Run("sampan network ls --format '{{.Name}} {{.Driver}}' --filter type=custom").ShouldBe("mm macvlan");

        // The packet filter has nothing to do with it.
        _host.Run("nft list tables").ShouldBeEmpty();
        _host.Try("sampan network rm mm").ShouldFail(1, "has active endpoints");
        _host.Run("sampan rm -f aa >/dev/null; sampan network rm mm; ip -br link show wire").ShouldSay("mm\n", "wire@");
    }

    [Fact]
    public void Without_a_gateway_there_is_no_way_out()
    {
        using var far = new FarHost(_host);
        _host.Run("sampan network create -d macvlan --subnet 192.0.2.0/24 --ip-range 192.0.2.64/26 -o parent=wire mm >/dev/null; sampan network create -d macvlan --internal --gateway 203.0.113.9 --subnet 203.0.113.0/24 -o parent=wire ii >/dev/null");
        _host.Run("sampan network inspect -f '{{json .IPAM.Config}}' mm").ShouldBe("[{\"Subnet\":\"192.0.2.0/24\",\"IPRange\":\"192.0.2.64/26\"}]");
        _host.Run("sampan run --rm --network mm busybox sh -c 'ip route; ping -c 1 -W 5 192.0.2.9'").ShouldSay("192.0.2.0/24 dev eth0", "1 packets received");
        _host.Run("sampan run --rm --network mm busybox ip route").ShouldNotContain("default");
        _host.Run("sampan run --rm --network ii busybox ip route").ShouldNotContain("default");

        // The bridge leads out, whatever the names.
        _host.Run("sampan network create zz >/dev/null; sampan run --rm --network mm --network zz busybox ip route").ShouldContain("dev eth0");
        _host.Run("sampan run --rm --network mm --network zz busybox ip route | grep default").ShouldContain("default via 10.");
    }

    [Fact]
    public void Of_two_prefixes_the_first_that_has_any_left()
    {
        using var far = new FarHost(_host);
        _host.Run("sampan network create -d macvlan --subnet 192.0.2.0/24 --ip-range 192.0.2.128/31 --subnet 198.51.100.0/24 --gateway 192.0.2.9 --gateway 198.51.100.9 -o parent=wire mm >/dev/null");
        _host.Run("for name in aa bb cc; do sampan run -d --name $name --network mm busybox sleep 1000 >/dev/null; done; sampan run -d --name dd --network mm --ip 198.51.100.77 busybox sleep 1000 >/dev/null");
        _host.Run("for name in aa bb cc dd; do sampan inspect -f '{{with .NetworkSettings.Networks.mm}}{{.IPAddress}} {{.Gateway}}{{end}}' $name; done")
            .ShouldBe("192.0.2.128 192.0.2.9\n192.0.2.129 192.0.2.9\n198.51.100.1 198.51.100.9\n198.51.100.77 198.51.100.9");
    }

    [Fact]
    public void It_comes_and_goes_while_the_container_runs()
    {
        using var far = new FarHost(_host);
        _host.Run(
            Create + " mm >/dev/null; sampan network create nn >/dev/null; sampan run -d --name cc --network nn -p 8080:80 busybox sh -c 'while :; do echo here | nc -l -p 80; done' >/dev/null; sampan network connect --gw-priority 9 --ip 192.0.2.60 mm cc");
        _host.Run("sampan exec cc ip route").ShouldContain("default via 192.0.2.9 dev eth1");
        _host.Run(far.Enter + "busybox ping -c 1 -W 5 192.0.2.60").ShouldContain("1 packets received");

        // Ports lead to the bridge all the same.
        Patience.ShouldCome(() => _host.Try("busybox nc -w 2 127.0.0.1 8080 </dev/null").Text == "here", "the port leads to the bridge");
        KillMonitor("cc");
        _host.Run("sampan network disconnect mm cc; sampan exec cc ip route").ShouldContain("default via 10.");
        _host.Run("sampan exec cc ip -o link | wc -l; sampan network rm mm").ShouldBe("2\nmm");
        _host.Run(Create + " mm >/dev/null; sampan network connect mm cc; sampan network disconnect nn cc; sampan exec cc ip route").ShouldContain("default via 192.0.2.9 dev eth1");
        _host.Run("sampan restart -t 0 cc >/dev/null; sampan exec cc ip -4 -o addr show eth0").ShouldContain("192.0.2.64/24");
    }

    [Fact]
    public void Who_shares_the_network_keeps_no_device()
    {
        using var far = new FarHost(_host);
        _host.Run(Create + " mm >/dev/null; sampan run -d --name xx --network mm --ip 192.0.2.50 busybox sleep 1000 >/dev/null; sampan run -d --name jj --network container:xx busybox sleep 1000 >/dev/null");
        _host.Run("sampan exec jj ip -o link | wc -l; sampan stop -t 0 xx >/dev/null; sampan exec jj ip -o link | wc -l").ShouldBe("2\n1");
        _host.Run("sampan run --rm --network mm --ip 192.0.2.50 busybox ping -c 1 -W 5 192.0.2.9").ShouldContain("1 packets received");

        // Monitor and container die at once: the next command that looks cleans up.
        _host.Run("sampan start xx >/dev/null; sampan restart -t 0 jj >/dev/null; sampan exec jj ip -o link | wc -l").ShouldBe("2");
        var pid = _host.Files.Pid("xx");
        KillMonitor("xx");
        _ = Native.kill(pid, Native.SIGKILL);
        Patience.ShouldCome(() => _host.Run("sampan ps --format '{{.Names}}'") == "jj", "it is seen to have ended");
        _host.Run("sampan exec jj ip -o link | wc -l").ShouldBe("1");
    }

    [Fact]
    public void Several_networks_over_one_device()
    {
        using var far = new FarHost(_host);
        _host.Run(Create + " mm >/dev/null; sampan network create -d macvlan --subnet 198.51.100.0/24 -o parent=wire -o macvlan_mode=private pp >/dev/null");
        _host.Run("sampan run -d --name aa --network pp --ip 198.51.100.50 busybox sleep 1000 >/dev/null");
        _host.Try("sampan run --rm --network pp busybox ping -c 1 -W 1 198.51.100.50").ShouldFail(1, "");
        _host.Try("sampan network create -d macvlan --subnet 203.0.113.0/24 -o parent=wire -o macvlan_mode=passthru qq").ShouldFail(1, "cannot use mode passthru, macvlan network ", "is already using parent interface wire");
        _host.Run("sampan rm -f aa >/dev/null; sampan network rm mm pp >/dev/null; sampan network create -d macvlan --subnet 203.0.113.0/24 -o parent=wire -o macvlan_mode=passthru qq >/dev/null");
        _host.Try(Create + " mm").ShouldFail(1, "is already using parent interface wire in mode passthru");
        _host.Run("sampan run -d --name aa --network qq busybox sleep 1000 >/dev/null");
        _host.Try("sampan run --rm --network qq busybox true").ShouldFail(125, "with passthru one container alone has wire");
        _host.Run("sampan network inspect -f '{{len .Containers}}' qq").ShouldBe("1");
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var far = new FarHost(_host);
        Refused("-d macvlan -o parent=lo", "loopback interface is not a valid macvlan parent link");
        Refused("-d macvlan -o parent=nosuch", "invalid subinterface vlan name nosuch, example formatting is eth0.10");
        Refused("-d macvlan -o parent=nosuch.10", "-o parent interface was not found on the host: nosuch");
        Refused("-d macvlan -o parent=wire.x", "unable to parse a valid vlan id from: x");
        Refused("-d macvlan -o parent=wire.1.2", "required interface name format is: name.vlan_id");
        Refused("-d macvlan -o parent=wire.4095", "vlan id must be between 1-4094, received: 4095");
        Refused("-d macvlan -o parent=wire -o macvlan_mode=x", "requested macvlan mode 'x' is not valid, 'bridge' mode is the macvlan driver default");
        Refused("-d ipvlan -o parent=wire -o ipvlan_mode=x", "requested ipvlan mode 'x' is not valid, 'l2' mode is the ipvlan driver default");
        Refused("-d ipvlan -o parent=wire -o ipvlan_flag=x", "requested ipvlan flag 'x' is not valid, 'bridge' is the ipvlan driver default flag");
        Refused("-d macvlan -o parent=wire -o ipvlan_mode=l3", "unknown network option \"ipvlan_mode\" of driver macvlan: use parent, macvlan_mode");
        Refused("-d ipvlan -o com.docker.network.bridge.name=x", "unknown network option \"com.docker.network.bridge.name\" of driver ipvlan");
        _host.Run("sampan network create -d ipvlan --subnet 192.0.2.0/24 -o parent=wire vv >/dev/null");
        Refused("-d ipvlan -o parent=wire", "is already using parent interface wire");
        _host.Try("sampan run --rm --network vv --mac-address 92:d0:c6:0a:29:33 busybox true").ShouldFail(125, "ipvlan interfaces do not support custom mac address assignment");
        _host.Run("sampan network ls -q --filter type=custom | wc -l; ip -br link | grep -c 'wire\\.\\|d[im]-' || true").ShouldBe("1\n0");
    }

    [Fact]
    public void Published_ports_are_discarded_in_words()
    {
        using var far = new FarHost(_host);
        _host.Run(Create + " mm >/dev/null");
        var ran = _host.Try("sampan run --rm --network mm -p 8080:80 busybox true");
        ran.ExitCode.ShouldBe(0);
        ran.Error.ShouldContain("published ports are discarded");
        _host.Run("sampan run -d --name aa --network mm -p 8080:80 busybox sleep 1000 2>/dev/null >&2; sampan inspect -f '{{json .NetworkSettings.Ports}}' aa; sampan port aa").ShouldBe("{\"80/tcp\":null}");
    }

    [Fact]
    public void What_the_kernel_lacks_is_named()
    {
        using var far = new FarHost(_host);
        if (_host.Run("ip link add dd0 type dummy 2>/dev/null && ip link del dd0 && echo there || true") == "there")
        {
            Assert.Skip("this kernel has dummy devices: tests/Vm/run 'networks/*' looks at them");
        }

        _host.Try("sampan network create -d macvlan mm").ShouldFail(1, "network mm cannot be set up: make dummy device dm-", "make the device yourself and name it with -o parent");
        _host.Run("sampan network ls -q --filter type=custom | wc -l").ShouldBe("0");
        _host.Run("sampan network create -d ipvlan --subnet 192.0.2.0/24 -o parent=wire vv >/dev/null");
        _host.Try("sampan run --rm --network vv busybox true").ShouldFail(125, "network vv: make ipvlan device eth0", "the kernel has no ipvlan devices: load the module ipvlan");
        _host.Run("sampan network inspect -f '{{len .Containers}}' vv").ShouldBe("0");
    }

    private void Refused(string flags, string complaint) => _host.Try($"sampan network create {flags} xx").ShouldFail(1, complaint);

    private void KillMonitor(string container) => Processes.Kill(_host.Files.Monitor(_host.Run($"sampan inspect -f '{{{{.Id}}}}' {container}")));
}
