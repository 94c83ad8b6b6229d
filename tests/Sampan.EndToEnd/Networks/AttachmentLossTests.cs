using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>What becomes of a container's networks when somebody dies: its monitor in the midst of a change, the container that others share a namespace with, a container nobody knows any more.</summary>
public sealed class AttachmentLossTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_dead_monitor_is_replaced_first()
    {
        _host.Run("for net in aa nn; do sampan network create $net >/dev/null; done; sampan run -d --name cc --network nn busybox sleep 1000 >/dev/null");
        KillMonitor("cc");
        _host.Run("sampan network connect aa cc; sampan exec cc ip -o -4 addr | wc -l").ShouldBe("3");
        KillMonitor("cc");
        _host.Run("sampan network disconnect nn cc; sampan exec cc ip -o -4 addr | wc -l; sampan network rm nn").ShouldBe("2\nnn");
        KillMonitor("cc");
        _host.Run("sampan exec cc nslookup cc").ShouldContain("Name:");
    }

    // 60 changes, each with the monitor killed some microseconds after it was asked: whatever was done is whole or undone, for commands and for the kernel.
    [Fact]
    public void A_change_that_is_cut_off_is_whole_or_undone()
    {
        _host.Run("for net in aa nn; do sampan network create $net >/dev/null; done; sampan run -d --name cc --network nn busybox sleep 1000 >/dev/null");
        var random = new Random(20261122);
        for (var round = 0; round < 60; round++)
        {
            var isOn = _host.Run("sampan inspect -f '{{len .NetworkSettings.Networks}}' cc") == "2";
            var monitor = _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc"));
            var microseconds = random.Next(1, 12000).ToString(CultureInfo.InvariantCulture);
            _host.Try($"sampan network {(isOn ? "disconnect" : "connect")} aa cc & busybox usleep {microseconds}; kill -9 {monitor.ToString(CultureInfo.InvariantCulture)}; wait; true");

            // The next command brings the next monitor; then all must agree.
            Processes.ShouldEnd(monitor);
            _host.Run("sampan exec cc true");
            var networks = _host.Run("sampan inspect -f '{{len .NetworkSettings.Networks}}' cc");
            var seen = $"round {round.ToString(CultureInfo.InvariantCulture)}, {microseconds} µs";
            (_host.Run("sampan exec cc ip -o link | wc -l") == (networks == "2" ? "3" : "2")).ShouldBeTrue(seen);
            _host.Run("sampan network inspect -f '{{len .Containers}}' aa").ShouldBe(networks == "2" ? "1" : "0", seen);
            _host.Run("ip -br link | grep -c ^sp").ShouldBe(networks, seen);
            _host.Run("sampan exec cc cat /etc/hosts | grep -c \"$(sampan inspect -f '{{slice .Id 0 12}}' cc)\"").ShouldBe(networks, seen);
        }
    }

    // Between two lives of the container, at the start of one, at its end: whoever comes next gives its addresses back.
    [Fact]
    public void A_monitor_that_dies_between_two_lives_keeps_no_address()
    {
        _host.Run("sampan network create --subnet 10.1.1.0/24 --ip-range 10.1.1.8/30 nn >/dev/null");
        var random = new Random(20261122);
        for (var round = 0; round < 20; round++)
        {
            _host.Run("sampan run -d --name cc --network nn -p 8080:80 --restart always busybox usleep 10000 >/dev/null");
            var monitor = _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc"));
            var milliseconds = random.Next(1, 400).ToString(CultureInfo.InvariantCulture);
            _host.Run($"busybox usleep {milliseconds}000; kill -9 {monitor.ToString(CultureInfo.InvariantCulture)}");
            Processes.ShouldEnd(monitor);
            _host.Run("sampan stop -t 0 cc >/dev/null; sampan network inspect -f '{{len .Containers}}' nn; find \"$state\"/networks -mindepth 2 -not -name '.*' | wc -l; table | grep -c 8080 || true")
                .ShouldBe("0\n0\n0", $"round {round.ToString(CultureInfo.InvariantCulture)}, {milliseconds} ms");
            _host.Run("sampan rm cc >/dev/null");
        }

        _host.Run("sampan network rm nn").ShouldBe("nn");
    }

    [Fact]
    public void Who_shares_the_network_keeps_no_address_that_is_anothers()
    {
        _host.Run(
            """
            sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan run -d --name xx --network nn --ip 10.1.1.9 --hostname hx busybox sleep 1000 >/dev/null
            sampan run -d --name jj --network container:xx busybox sleep 1000 >/dev/null
            """);

        // Names are shared too, as with docker.
        _host.Run("sampan exec jj sh -c 'hostname; cat /etc/hosts /etc/resolv.conf'").ShouldSay("hx\n", "10.1.1.9\thx\n", "nameserver 127.0.0.11");
        _host.Run("sampan exec jj nslookup xx").ShouldContain("10.1.1.9");
        _host.Run("sampan stop -t 0 xx >/dev/null; sampan exec jj ip -o link | wc -l; ip -br link | grep -c ^sp || true").ShouldBe("1\n0");
        _host.Run("sampan run --rm --network nn --ip 10.1.1.9 busybox ping -c 1 -W 5 10.1.1.1").ShouldContain("1 packets received");
        _host.Run("sampan exec jj true; sampan start xx >/dev/null; sampan restart -t 0 jj >/dev/null; sampan exec jj ip -4 -o addr show eth0").ShouldContain("10.1.1.9");

        // Monitor and container die at once: the next command that looks cleans up.
        var pid = _host.Files.Pid("xx");
        KillMonitor("xx");
        _ = Native.kill(pid, Native.SIGKILL);
        Patience.ShouldCome(() => _host.Run("sampan ps --format '{{.Names}}'") == "jj", "it is seen to have ended");
        _host.Run("sampan exec jj ip -o link | wc -l").ShouldBe("1");
    }

    [Fact]
    public void What_a_container_that_is_gone_left_can_be_forced_away()
    {
        _host.Run("sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan run --rm --network nn busybox true");
        const string gone = "0123456789012345678901234567890123456789012345678901234567890123";
        _host.Run($"network=$(sampan network inspect -f '{{{{.Id}}}}' nn); ln -s '{gone} e 02:42:0a:01:01:63 ghost' $state/networks/$network/10.1.1.99; ip link add sp0123456dead type veth peer name spx; ip link set sp0123456dead master nn");
        _host.Try("sampan network rm nn").ShouldFail(1, "has active endpoints");
        _host.Try("sampan network disconnect nn ghost").ShouldFail(1, "No such container: ghost");
        _host.Try("sampan network disconnect -f nn nobody").ShouldFail(1, "endpoint nobody not found");
        _host.Run("sampan network disconnect -f nn ghost; ip -br link | grep -c ^sp || true; sampan network rm nn").ShouldBe("0\nnn");
    }

    private void KillMonitor(string container) => Processes.Kill(_host.Files.Monitor(_host.Run($"sampan inspect -f '{{{{.Id}}}}' {container}")));
}
