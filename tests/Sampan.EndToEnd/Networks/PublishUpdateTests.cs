namespace Sampan.EndToEnd.Networks;

/// <summary>update --publish-add and --publish-rm: on containers that run and on others, all or nothing, and whoever is killed meanwhile.</summary>
public sealed class PublishUpdateTests : IDisposable
{
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
    public void Ports_come_and_go_while_it_runs_and_stay_so()
    {
        _host.Run("sampan run -d --name web --network bridge busybox sleep 1000 >/dev/null");
        using (var server = new PortServer("web", _host.Files.Pid("web")))
        {
            Ask("tcp 127.0.0.1 8080").ShouldBe("no");
            _host.Run("sampan update --publish-add 8080:80 --publish-add 8080:80/udp --publish-add 127.0.0.1:9000-9001:90-91 web").ShouldBe("web");
            Ask("tcp 127.0.0.1 8080", "udp 127.0.0.1 8080", "tcp ::1 8080", "udp ::1 8080").Split(' ').ShouldAllBe(static word => word != "no");
            Everybody().ShouldBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n80/udp -> 0.0.0.0:8080\n80/udp -> [::]:8080\n90/tcp -> 127.0.0.1:9000\n91/tcp -> 127.0.0.1:9001");
            _host.Run("sampan inspect -f '{{json .HostConfig.PortBindings}}' web")
                .ShouldBe("""{"80/tcp":[{"HostIp":"","HostPort":"8080"}],"80/udp":[{"HostIp":"","HostPort":"8080"}],"90/tcp":[{"HostIp":"127.0.0.1","HostPort":"9000"}],"91/tcp":[{"HostIp":"127.0.0.1","HostPort":"9001"}]}""");

            // One goes, another takes its place at once.
            _host.Run("sampan update --publish-rm 8080:80 --publish-rm 90-91 --publish-add 8080:81 web");
            Everybody().ShouldBe("80/udp -> 0.0.0.0:8080\n80/udp -> [::]:8080\n81/tcp -> 0.0.0.0:8080\n81/tcp -> [::]:8080");
            Ask("tcp 127.0.0.1 8080", "tcp ::1 8080").ShouldBe("no no");
            _host.Run("sampan update --publish-rm 8080:81 --publish-add 8080:80 web");
            Ask("tcp 127.0.0.1 8080", "tcp ::1 8080").Split(' ').ShouldAllBe(static word => word != "no");
        }

        // Connections that are under way go on.
        using (var server = new PortServer("web", _host.Files.Pid("web")))
        {
            _host.Run(
                """
                exec 3<>/dev/tcp/127.0.0.1/8080 4<>/dev/tcp/::1/8080
                sampan update --publish-rm 8080:80 web >/dev/null
                for connection in 3 4; do echo who >&$connection; head -1 <&$connection | cut -d ' ' -f 1; done
                """).ShouldBe("web\nweb");
            Ask("tcp 127.0.0.1 8080", "tcp ::1 8080").ShouldBe("no no");
            _host.Run("sampan update --publish-add 8080:80 web");
        }

        _host.Run("sampan restart -t 0 web >/dev/null");
        Everybody().ShouldBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n80/udp -> 0.0.0.0:8080\n80/udp -> [::]:8080");
        _host.Run("sampan stop -t 0 web >/dev/null; sampan update --publish-rm 80/udp --publish-add 7000:70 web; sampan start web >/dev/null");
        Everybody().ShouldBe("70/tcp -> 0.0.0.0:7000\n70/tcp -> [::]:7000\n80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
    }

    [Fact]
    public void What_is_refused_changes_nothing()
    {
        _host.Run("sampan run -d --name other -p 8081:80 busybox sleep 1000 >/dev/null; sampan run -d --name web -p 8080:80 -p 80 busybox sleep 1000 >/dev/null");
        var (before, record, table) = (Everybody(), _host.Run("sampan inspect -f '{{json .HostConfig}}' web"), _host.Run("table"));
        _host.Try("sampan update --publish-rm 8080:80 --publish-add 8082:82 --publish-add 8081:81 web").ShouldFail(1, "Bind for 0.0.0.0:8081 failed: port is already allocated by container other");
        _host.Try("sampan update --publish-rm 8083:80 web").ShouldFail(1, "container web does not publish 8083:80/tcp");
        _host.Try("sampan update --publish-add 8080:80 web").ShouldFail(1, "container web publishes 8080:80/tcp already");
        _host.Try("sampan update --publish-add 8080:81 web").ShouldFail(1, "port is already allocated by container web");
        _host.Try("sampan update --publish-add 192.0.2.77:8085:85 web").ShouldFail(1, "cannot publish 85/tcp on 192.0.2.77: cannot assign requested address");
        _host.Try("sampan update --publish-add 8084:84 --memory 1 web").ExitCode.ShouldBe(1);
        _host.Try("sampan update --publish-add x web").ShouldFail(1, "invalid containerPort: x");
        (Everybody(), _host.Run("sampan inspect -f '{{json .HostConfig}}' web"), _host.Run("table")).ShouldBe((before, record, table));

        // What was given up for nothing is held as before.
        _host.Try("sampan run --rm -p 8080:80 busybox true").ShouldFail(125, "port is already allocated by container web");
        _host.Run("sampan run --rm -p 8082:80 busybox true");

        // A port of the kernel's choice goes by its number.
        var number = _host.Run("sampan port web 80 | sed -n 's/0.0.0.0://p' | grep -v 8080");
        _host.Run($"sampan update --publish-rm {number}:80 web");
        Everybody().ShouldBe("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080");
        _host.Run("sampan run -d --name apart --network none busybox sleep 1000 >/dev/null");
        _host.Try("sampan update --publish-add 8090:80 apart").ShouldFail(1, "nothing can be published of a container without a network");
    }

    [Fact]
    public void A_monitor_that_is_killed_meanwhile_leaves_what_the_record_says()
    {
        _host.Run("sampan run -d --name web -p 8080:80 busybox sleep 1000 >/dev/null");
        for (var round = 0; round < 8; round++)
        {
            var monitor = _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' web"));
            var (added, removed) = round % 2 == 0 ? ("8081:81", "8080:80") : ("8080:80", "8081:81");

            // At one moment of the change or another, or beside it.
            _ = _host.Try($"sampan update --publish-add {added} --publish-rm {removed} web & sleep 0.00{round}; kill -9 {monitor}; wait; true");
            Processes.ShouldEnd(monitor);
            _host.Run("sampan exec web true");
            var recorded = _host.Run("sampan inspect -f '{{range $port, $all := .HostConfig.PortBindings}}{{range $all}}{{.HostPort}}:{{$port}}{{end}}{{end}}' web");
            recorded.ShouldBeOneOf("8080:80/tcp", "8081:81/tcp");
            var (outside, inside) = recorded == "8080:80/tcp" ? (8080, 80) : (8081, 81);
            _host.Run("sampan port web").ShouldBe($"{inside}/tcp -> 0.0.0.0:{outside}\n{inside}/tcp -> [::]:{outside}");
            _host.Run($"nft list map inet $(table_name) all_ports4 | grep -c ' {outside} comment' || true").ShouldBe("1");
            _host.Run("nft list map inet $(table_name) all_ports4 | grep -o comment | wc -l").ShouldBe("1");

            // What is open is held, what is not is free.
            _host.Try($"sampan run --rm -p {outside}:80 busybox true").ShouldFail(125, "port is already allocated by container web");
            _host.Run($"sampan run --rm -p {(outside == 8080 ? 8081 : 8080)}:80 busybox true");
            if (recorded != $"{added}/tcp")
            {
                _host.Run($"sampan update --publish-add {added} --publish-rm {removed} web");
            }
        }
    }

    private string Ask(params string[] questions) => string.Join(' ', PortClient.Ask(_host, "", questions).Select(static answer => answer.Split(' ')[0]));

    /// <summary>What port says; inspect, ps and the packet filter say so too.</summary>
    private string Everybody()
    {
        var ports = _host.Run("sampan port web");
        _host.Run("""sampan inspect -f '{{range $port, $all := .NetworkSettings.Ports}}{{range $all}}{{$port}} {{.HostPort}}{{"\n"}}{{end}}{{end}}' web | sed '/^$/d' | sort -u""")
            .ShouldBe(string.Join('\n', ports.Split('\n').Select(static line => line[..line.IndexOf(' ')] + " " + line[(line.LastIndexOf(':') + 1)..]).Distinct().Order(StringComparer.Ordinal)));
        return ports;
    }
}
