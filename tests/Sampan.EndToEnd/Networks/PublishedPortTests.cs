namespace Sampan.EndToEnd.Networks;

/// <summary>Published ports: who reaches them, who is told of them, and that none stays.</summary>
public sealed class PublishedPortTests : IDisposable
{
    private const string Serve = "busybox sh -c 'while :; do echo \"$HOSTNAME\" | nc -l -p 80; done'";

    private readonly NetworkedHost _host = new();

    public void Dispose()
    {
        try
        {
            _host.RemoveContainers();
            _host.Run("table | grep -c ' comment ' || true").ShouldBe("0", "ports are open");
        }
        finally
        {
            _host.Dispose();
        }
    }

    [Fact]
    public void From_the_host_from_beyond_and_from_containers()
    {
        _host.Run(
            $"""
            sampan network create --subnet 10.44.0.0/24 nn >/dev/null
            sampan run -d --name web --hostname web --network nn -p 8080:80 {Serve} >/dev/null
            sampan run -d --name local --hostname local -p 127.0.0.1:8081:80/tcp {Serve} >/dev/null
            ip link add wire type veth peer name far; ip addr add 192.0.2.1/24 dev wire; ip link set wire up
            """);
        using var beyond = new RunningCommand("/usr/bin/nsenter", [.. _host.Entrance, "unshare", "--net", "sh", "-ec", "ip link set lo up; echo ready; exec sleep 100000"]);
        beyond.Expect("ready");
        try
        {
            var far = $"nsenter --net=/proc/{beyond.Pid}/ns/net";
            _host.Run($"ip link set far netns {beyond.Pid}; {far} sh -ec 'ip addr add 192.0.2.9/24 dev far; ip link set far up'");
            ShouldAnswer("busybox nc -w 2 127.0.0.1 8080", "web");
            ShouldAnswer("busybox nc -w 2 192.0.2.1 8080", "web");
            ShouldAnswer(far + " busybox nc -w 2 192.0.2.1 8080", "web");
            ShouldAnswer("sampan exec web nc -w 2 192.0.2.1 8080", "web");
            ShouldAnswer("sampan exec local nc -w 2 192.0.2.1 8080", "web");
            ShouldAnswer("busybox nc -w 2 127.0.0.1 8081", "local");
            _host.Try(far + " busybox nc -w 1 192.0.2.1 8081 </dev/null").Output.ShouldBeEmpty();
        }
        finally
        {
            beyond.Signal(9);
            beyond.Wait();
        }

        _host.Run("sampan port web").ShouldBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
        _host.Run("sampan port local 80").ShouldBe("127.0.0.1:8081");
        _host.Run("sampan ps --format '{{.Names}} {{.Ports}}' --filter publish=80").ShouldBe("local 127.0.0.1:8081->80/tcp\nweb 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp");
        _host.Run("sampan inspect -f '{{json .NetworkSettings.Ports}} {{json .HostConfig.PortBindings}}' web")
            .ShouldBe("""{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}]} {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}""");

        // What was flushed the next start restores, of others too.
        _host.Run("nft flush ruleset; sampan run --rm --network nn busybox true");
        ShouldAnswer("busybox nc -w 2 127.0.0.1 8080", "web");
        _host.Run("sampan stop -t 0 web >/dev/null; sampan port web");
        _host.Try("busybox nc -w 1 127.0.0.1 8080 </dev/null").ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public void A_port_that_is_taken_is_refused_and_says_by_whom()
    {
        _host.Run("sampan run -d --name one -p 8080:80 busybox sleep 1000 >/dev/null");
        _host.Try("sampan run --rm --name two -p 8080:80 busybox true").ShouldFail(125, "Bind for 0.0.0.0:8080 failed: port is already allocated by container one");
        using var other = new RunningCommand("/usr/bin/nsenter", [.. _host.Entrance, "busybox", "nc", "-l", "-p", "8090"]);
        Patience.ShouldCome(() => _host.Run("cat /proc/net/tcp /proc/net/tcp6").Contains(":1F9A ", StringComparison.Ordinal), "it listens");
        _host.Try("sampan run --rm -p 8090:80 busybox true").ShouldFail(125, $"Bind for 0.0.0.0:8090 failed: port is already allocated by busybox (pid {other.Pid})");
        other.Signal(9);
        other.Wait();

        // A range gives the first that is free; no port at all one of the kernel's.
        _host.Run("sampan run -d --name ranged -p 8080-8089:80 busybox sleep 1000 >/dev/null; sampan port ranged").ShouldBe("80/tcp -> 0.0.0.0:8081\n80/tcp -> [::]:8081");
        _host.Run("sampan run -d --name any --expose 90-91 --expose 53/udp -P busybox sleep 1000 >/dev/null; sampan port any | grep -v '::' | sed 's/:.*//'")
            .ShouldBe("53/udp -> 0.0.0.0\n90/tcp -> 0.0.0.0\n91/tcp -> 0.0.0.0");
        _host.Run("sampan rm -f one >/dev/null; sampan run -d --name three -p 8080:80 busybox sleep 1000 >/dev/null; sampan port three").ShouldBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
    }

    [Fact]
    public void Both_families_or_none()
    {
        // Somebody has the port of IPv6 alone.
        using var other = new RunningCommand(
            "/usr/bin/nsenter", [.. _host.Entrance, "/usr/bin/python3", "-c", "import socket; s = socket.socket(socket.AF_INET6); s.setsockopt(41, 26, 1); s.bind(('::', 8080)); s.listen(); print('ready', flush=True); input()"]);
        other.Expect("ready");
        _host.Try("sampan run --rm -p 8080:80 busybox true").ShouldFail(125, $"Bind for [::]:8080 failed: port is already allocated by python3 (pid {other.Pid})");
        _host.Run("sampan run -d --name one -p 0.0.0.0:8080:80 -p 8079-8089:81 busybox sleep 1000 >/dev/null; sampan port one")
            .ShouldBe("80/tcp -> 0.0.0.0:8080\n81/tcp -> 0.0.0.0:8079\n81/tcp -> [::]:8079");
        _host.Run("sampan run -d --name two -p 8080-8089:81 busybox sleep 1000 >/dev/null; sampan port two").ShouldBe("81/tcp -> 0.0.0.0:8081\n81/tcp -> [::]:8081");
        other.Signal(9);
        other.Wait();

        // A host without IPv6 publishes on IPv4.
        _host.Run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1; sampan run -d --name four -p 8090:80 busybox sleep 1000 >/dev/null; sampan port four").ShouldBe("80/tcp -> 0.0.0.0:8090");
    }

    [Fact]
    public void Neighbours_are_shown_as_one()
    {
        _host.Run("sampan run -d --name one -p 8000-8002:8000-8002 -p 9000:90 --expose 7000-7001 busybox sleep 1000 >/dev/null; sampan ps --format '{{.Ports}}'")
            .ShouldBe("7000-7001/tcp, 0.0.0.0:8000-8002->8000-8002/tcp, [::]:8000-8002->8000-8002/tcp, 0.0.0.0:9000->90/tcp, [::]:9000->90/tcp");
    }

    [Fact]
    public void Sctp_is_published_with_or_without_the_kernels_sockets()
    {
        var run = _host.Try("sampan run -d --name one -p 5000:5000/sctp busybox sleep 1000");
        run.ExitCode.ShouldBe(0, run.ToString());
        var hasSockets = _host.Run("/usr/bin/python3 -c \"import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)\" 2>/dev/null && echo yes || echo no") == "yes";
        run.Error.Contains("the kernel has no SCTP", StringComparison.Ordinal).ShouldBe(!hasSockets);
        _host.Run("sampan port one").ShouldBe("5000/sctp -> 0.0.0.0:5000");
        _host.Run("nft list map inet $(table_name) all_ports4").ShouldContain("sctp . 5000");
        _host.Try("sampan run --rm -p 5000:5000/sctp busybox true").ShouldFail(125, "Bind for 0.0.0.0:5000 failed: port is already allocated by container one");
        _host.Run("sampan run -d --name any -p 5000/sctp busybox sleep 1000 >/dev/null 2>&1; sampan port any").ShouldStartWith("5000/sctp -> 0.0.0.0:");
        _host.Run("sampan rm -f one >/dev/null; sampan run --rm -p 5000:5000/sctp busybox true 2>/dev/null");
    }

    [Fact]
    public void A_monitor_that_dies_leaves_its_ports_to_the_next()
    {
        _host.Run($"sampan run -d --name web --hostname web -p 8080:80 {Serve} >/dev/null");
        Processes.Kill(_host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' web")));
        ShouldAnswer("busybox nc -w 2 127.0.0.1 8080", "web");
        _host.Run("sampan exec web true");
        _host.Try("sampan run --rm -p 8080:80 busybox true").ShouldFail(125, "port is already allocated by container web");

        // Both die: the port is free once somebody has looked.
        var pid = _host.Files.Pid("web");
        Processes.Kill(_host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' web")));
        _ = Native.kill(pid, Native.SIGKILL);
        Patience.ShouldCome(() => _host.Run("sampan ps -q").Length == 0, "it is seen to have ended");
        _host.Run("sampan run --rm -p 8080:80 busybox true");
    }

    private void ShouldAnswer(string command, string answer) =>
        Patience.ShouldCome(() => _host.Try(command + " </dev/null").Text == answer, $"{command}: {_host.Try(command + " </dev/null")}");
}
