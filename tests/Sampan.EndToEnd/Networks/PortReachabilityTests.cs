namespace Sampan.EndToEnd.Networks;

/// <summary>Who reaches a published port, and whom the container sees: by translation the client itself, carried by the monitor its network's bridge.</summary>
public sealed class PortReachabilityTests : IDisposable
{
    /// <summary>From where, how, to which address and port; who answers and whom it sees.</summary>
    private static readonly (string From, string To, string Answer)[] Reachability =
    [
        // A container that has IPv4 alone.
        ("host", "127.0.0.1 8080", "four 10.44.0.1"),
        ("host", "::1 8080", "four 10.44.0.1"),
        ("host", "192.0.2.1 8080", "four 192.0.2.1"),
        ("host", "10.44.0.1 8080", "four 10.44.0.1"),
        ("host", "2001:db8::1 8080", "four 10.44.0.1"),
        ("far", "192.0.2.1 8080", "four 192.0.2.9"),
        ("far", "2001:db8::1 8080", "four 10.44.0.1"),
        ("near", "192.0.2.1 8080", "four 10.44.0.1"),
        ("near", "10.44.0.1 8080", "four 10.44.0.1"),
        ("four", "192.0.2.1 8080", "four 10.44.0.1"),
        ("six", "192.0.2.1 8080", "four 10.45.0.2"),
        ("six", "2001:db8::1 8080", "four 10.44.0.1"),

        // One that has both.
        ("host", "127.0.0.1 8086", "six 10.45.0.1"),
        ("host", "::1 8086", "six fd00:45::1"),
        ("host", "2001:db8::1 8086", "six 2001:db8::1"),
        ("far", "192.0.2.1 8086", "six 192.0.2.9"),
        ("far", "2001:db8::1 8086", "six 2001:db8::9"),
        ("near", "192.0.2.1 8086", "six 10.44.0.3"),
        ("six", "2001:db8::1 8086", "six fd00:45::1"),

        // On the loopback addresses, for the host alone; and on one of IPv6 that the container does not have.
        ("host", "127.0.0.1 8081", "four 10.44.0.1"),
        ("host", "::1 8082", "four 10.44.0.1"),
        ("host", "192.0.2.1 8081", "no"),
        ("host", "2001:db8::1 8082", "no"),
        ("far", "192.0.2.1 8081", "no"),
        ("far", "2001:db8::1 8082", "no"),
        ("four", "10.44.0.1 8081", "no"),
        ("far", "2001:db8::1 8083", "four 10.44.0.1"),
        ("host", "::1 8083", "no"),

        // An internal network's containers do not get out by way of the host.
        ("inside", "10.46.0.1 8080", "no"),
        ("inside", "fd00:46::1 8080", "no"),
        ("inside", "fd00:46::1 8086", "no"),
    ];

    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Who_reaches_whom()
    {
        _host.Run(
            """
            sampan network create --subnet 10.44.0.0/24 four >/dev/null
            sampan network create --ipv6 --subnet 10.45.0.0/24 --subnet fd00:45::/64 six >/dev/null
            sampan network create --internal --ipv6 --subnet 10.46.0.0/24 --subnet fd00:46::/64 inside >/dev/null
            for kind in tcp udp; do
                publish4="$publish4 -p 8080:80/$kind -p 127.0.0.1:8081:80/$kind -p [::1]:8082:80/$kind"
                publish6="$publish6 -p 8086:80/$kind"
            done
            sampan run -d --name four --network four $publish4 busybox sleep 1000 >/dev/null
            sampan run -d --name near --network four busybox sleep 1000 >/dev/null
            sampan run -d --name six --network six $publish6 busybox sleep 1000 >/dev/null
            sampan run -d --name inside --network inside busybox sleep 1000 >/dev/null
            """);
        using var far = new FarHost(_host);
        _host.Run("for kind in tcp udp; do sampan update --publish-add '[2001:db8::1]:8083:80/'$kind four >/dev/null; done");
        using var four = new PortServer("four", _host.Files.Pid("four"));
        using var six = new PortServer("six", _host.Files.Pid("six"));
        ShouldReach(far, "tcp");
        ShouldReach(far, "udp");

        // The monitor is killed: translation goes on without it, and the next one carries what it carried.
        Processes.Kill(_host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' four")));
        PortClient.Ask(_host, far.Enter, ["tcp 192.0.2.1 8080", "udp 192.0.2.1 8080", "tcp 2001:db8::1 8080"]).ShouldBe(["four 192.0.2.9", "four 192.0.2.9", "no"]);
        _host.Run("sampan exec four true");
        ShouldReach(far, "tcp");
        ShouldReach(far, "udp");
    }

    private void ShouldReach(FarHost far, string protocol)
    {
        var seen = Reachability.GroupBy(static row => row.From).SelectMany(group => group.Zip(
            PortClient.Ask(_host, Enter(group.Key, far), group.Select(row => $"{protocol} {row.To}")),
            static (row, answer) => row with { Answer = answer }));
        seen.ToArray().ShouldBe(Reachability, ignoreOrder: true, protocol);
    }

    private string Enter(string from, FarHost far) => from switch
    {
        "host" => "",
        "far" => far.Enter,
        _ => $"nsenter --net=/proc/{_host.Files.Pid(from)}/ns/net ",
    };
}
