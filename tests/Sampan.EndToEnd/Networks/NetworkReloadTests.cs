namespace Sampan.EndToEnd.Networks;

/// <summary>network reload: what others take away comes back, and is named.</summary>
public sealed class NetworkReloadTests : IDisposable
{
    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_was_taken_away_comes_back_and_is_named()
    {
        _host.Run(
            """
            sampan network create --subnet 10.66.0.0/24 nn >/dev/null; sampan network create --subnet 10.67.0.0/24 mm >/dev/null
            sampan run -d --name web --network nn -p 8080:80 busybox sleep 1000 >/dev/null
            sampan run -d --name other --network mm -p 8081:80 busybox sleep 1000 >/dev/null
            """);
        using var far = new FarHost(_host);
        using var web = new PortServer("web", _host.Files.Pid("web"));
        using var other = new PortServer("other", _host.Files.Pid("other"));
        string[] questions = ["tcp 192.0.2.1 8080", "tcp 192.0.2.1 8081"];
        string[] answers = ["web 192.0.2.9", "other 192.0.2.9"];
        var table = _host.Run("table");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(answers);
        _host.Run("sampan network reload").ShouldBe("nothing was missing");

        // All tables: until they are back the monitors carry what comes.
        _host.Run("nft flush ruleset");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(["web 10.66.0.1", "other 10.67.0.1"]);
        _host.Run("sampan network reload").ShouldContain("packet filter: table inet sampan");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(answers);
        _host.Run("table").ShouldBe(table);

        // A part of ours.
        _host.Run("nft flush chain inet $(table_name) postrouting; nft flush map inet $(table_name) all_ports4");
        _host.Run("sampan network reload").ShouldSay("packet filter: table inet sampan", " had ", " 2 for ports, and has ");
        _host.Run("table").ShouldBe(table);

        // Bridges, and what the kernel was told.
        _host.Run("ip link del nn; ip link set mm down; ip addr flush dev mm; sysctl -qw net.ipv4.ip_forward=0");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(["no", "no"]);
        _host.Run("sampan network reload web").ShouldSay(
            "network nn: bridge nn made", "network nn: address 10.66.0.1/24 given to bridge nn", "network nn: net/ipv4/conf/nn/route_localnet set to 1", "network nn: net/ipv4/ip_forward set to 1",
            "network nn: container web connected again");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(["web 192.0.2.9", "no"]);
        _host.Run("sampan network reload mm").ShouldBe("network mm: address 10.67.0.1/24 given to bridge mm\nnetwork mm: bridge mm set up");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(answers);
        _host.Run("sampan network reload").ShouldBe("nothing was missing");
        _host.Try("sampan network reload nosuch").ShouldFail(1, "no network and no container is called nosuch");

        // The next start does the same.
        _host.Run("nft flush ruleset; ip link del nn; sampan run --rm --network nn busybox true");
        PortClient.Ask(_host, far.Enter, questions).ShouldBe(answers);
    }

    [Fact]
    public void The_administrators_chain_filters_published_ports()
    {
        _host.Run("sampan run -d --name web -p 8080:80 -p 8081:80 busybox sleep 1000 >/dev/null");
        using var far = new FarHost(_host);
        using var web = new PortServer("web", _host.Files.Pid("web"));
        string[] questions = ["tcp 192.0.2.1 8080", "tcp 192.0.2.1 8081", "tcp 2001:db8::1 8080", "tcp 2001:db8::1 8081"];
        PortClient.Ask(_host, far.Enter, questions).ShouldNotContain("no");

        // As docs/networks.md has it, for IPv4 and for what the monitor carries.
        _host.Run(
            """
            nft add rule inet $(table_name) user meta l4proto tcp ct direction original ct original proto-dst 8080 ip saddr != 198.51.100.0/24 drop
            nft add rule inet $(table_name) user meta l4proto tcp ct direction original ct original proto-dst 8080 ip6 saddr != 2001:db8:1::/64 drop
            """);
        PortClient.Ask(_host, far.Enter, questions).Select(static answer => answer != "no").ShouldBe([false, true, false, true]);
        PortClient.Ask(_host, "", ["tcp 127.0.0.1 8080"])[0].ShouldStartWith("web ");

        // Writing the table anew leaves it.
        _host.Run("sampan network create another >/dev/null; sampan run --rm --network another busybox true; sampan network reload");
        PortClient.Ask(_host, far.Enter, questions).Select(static answer => answer != "no").ShouldBe([false, true, false, true]);
    }

    [Fact]
    public void Filters_of_others_that_drop_are_named()
    {
        _host.Run("sampan network create nn >/dev/null");
        _host.Try("sampan info").Error.ShouldBeEmpty();
        _host.Try("sampan network inspect nn").Error.ShouldBeEmpty();
        _host.Run(
            """
            nft add table ip filter; nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
            nft add table inet firewalld; nft add chain inet firewalld filter_FORWARD '{ type filter hook forward priority 10; }'
            nft add rule inet firewalld filter_FORWARD ct state established accept; nft add rule inet firewalld filter_FORWARD counter reject with icmpx admin-prohibited
            nft add table ip6 open; nft add chain ip6 open FORWARD '{ type filter hook forward priority 0; }'; nft add rule ip6 open FORWARD ip6 saddr 2001:db8::7 drop
            nft add table inet input; nft add chain inet input in '{ type filter hook input priority 0; policy drop; }'; nft add rule inet input in accept
            """);
        foreach (var command in new[] { "sampan info", "sampan network inspect nn" })
        {
            var error = _host.Try(command).Error.TrimEnd().Split('\n');
            error.Length.ShouldBe(2);
            error[0].ShouldStartWith("WARNING: chain FORWARD of table ip filter drops what none of its rules accepts");
            error[1].ShouldStartWith("WARNING: chain filter_FORWARD of table inet firewalld drops");
        }

        _host.Run("sampan info -f '{{len .Warnings}}'").ShouldBe("2");
        _host.Run("nft delete table ip filter; nft delete table inet firewalld; sampan info -f '{{len .Warnings}}'").ShouldBe("0");
    }

    [Fact]
    public void The_older_iptables_is_named_too()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/iptables-legacy"), "no iptables-legacy on this machine");
        _host.Run("iptables-legacy -S >/dev/null; ip6tables-legacy -S >/dev/null; sampan info -f '{{len .Warnings}}'").ShouldBe("0");
        _host.Run("iptables-legacy -A FORWARD -s 192.0.2.7 -j ACCEPT; iptables-legacy -P FORWARD DROP; ip6tables-legacy -P INPUT DROP; sampan info -f '{{range .Warnings}}{{.}}{{end}}'")
            .ShouldStartWith("chain FORWARD of iptables-legacy drops what none of its rules accepts");
        _host.Run("iptables-legacy -P FORWARD ACCEPT; ip6tables-legacy -P FORWARD DROP; sampan info -f '{{range .Warnings}}{{.}}{{end}}'")
            .ShouldStartWith("chain FORWARD of ip6tables-legacy drops what none of its rules accepts");
    }
}
