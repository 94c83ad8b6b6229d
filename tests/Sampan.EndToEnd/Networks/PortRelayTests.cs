using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>What a monitor carries to its container: much, many at once, clients that never read; and that it stays small.</summary>
public sealed class PortRelayTests : IDisposable
{
    // KiB. What a monitor has of its own grows by no more, whatever it carries; with the pages of the executable, which the kernel
    // maps as they happen to be cached, it stays below the second.
    private const int MostGrowth = 512;
    private const int MostResident = 6 << 10;

    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Much_many_and_slow()
    {
        _host.Run("sampan run -d --name web -p 8080:80 -p 8080:80/udp busybox sleep 1000 >/dev/null");
        using var server = new PortServer("web", _host.Files.Pid("web"));
        var monitor = _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' web"));

        // What the start took is given back first.
        Patience.ShouldCome(() => Own(monitor) < 1200, "the monitor is at rest");
        var rest = Own(monitor);

        // Ten megabytes to the container, the end of it, and as much back.
        PortClient.Run(
            _host,
            """
            import socket, threading
            s = socket.create_connection(('::1', 8080), 20)
            much = bytes(range(256)) * 40960
            s.sendall(b'swallow\n')
            s.sendall(much)
            s.shutdown(socket.SHUT_WR)
            back = b''.join(iter(lambda: s.recv(65536), b''))
            print(back == b'%d\n' % len(much) + much)
            """).ShouldBe("True");

        // Two hundred connections at once, and one that floods and is never read: what it is not given stays in the kernel.
        var seen = PortClient.Run(
            _host,
            """
            import socket
            flood = socket.create_connection(('::1', 8080), 20)
            flood.sendall(b'flood\n')
            all = [socket.create_connection(('::1', 8080), 20) for _ in range(200)]
            for s in all:
                s.sendall(b'who\n')
            print(len([s for s in all if b'web 1' in s.recv(100)]))
            for what in 'RssAnon', 'VmRSS':
                print([line for line in open('/proc/PID/status') if line.startswith(what)][0].split()[1])
            """.Replace("PID", monitor.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Split('\n');
        seen[0].ShouldBe("200");
        int.Parse(seen[1], CultureInfo.InvariantCulture).ShouldBeLessThan(rest + MostGrowth);
        int.Parse(seen[2], CultureInfo.InvariantCulture).ShouldBeLessThan(MostResident);
        Patience.ShouldCome(() => Own(monitor) < rest + (MostGrowth / 2), "what carrying took is given back");
    }

    private static int Own(int pid) => int.Parse(Processes.Status(pid, "RssAnon").Split(' ')[0], CultureInfo.InvariantCulture);
}
