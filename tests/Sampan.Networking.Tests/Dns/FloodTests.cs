using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;
using Sampan.Networking.Dns.Zones;
using Sampan.Networking.Tests.Dns.Forwarding;

namespace Sampan.Networking.Tests.Dns;

/// <summary>However much is asked, memory stays where it is, and the zone is answered. Not beside other tests: it is the process's memory.</summary>
[Collection(nameof(FloodTests))]
[CollectionDefinition(nameof(FloodTests), DisableParallelization = true)]
public sealed class FloodTests : IDisposable
{
    private readonly ServedZone _served = new(
        ServedZone.Names(new NetworkNames("net", [ServedZone.Host("web", "", "10.0.0.2", "fd00::2")])),
        new NameServerLimits { AttemptMilliseconds = 300, LastAttemptMilliseconds = 300 });

    private readonly FileDescriptor _socket;
    private readonly byte[] _buffer = new byte[4096];

    public FloodTests()
    {
        _socket = ClientSocket.Make(_served.Address.Family, isStream: false);
        ClientSocket.Connect(_socket, _served.Address).ShouldBeNull();
    }

    [Fact]
    public void Answering_names_allocates_nothing()
    {
        byte[][] queries =
        [
            Question.Make("web", edns: 1232), Question.Make("web.net", Question.Aaaa), Question.Make("2.0.0.10.in-addr.arpa", Question.Ptr), Question.Make("nobody"),
            [1, 2, 3], Question.Make("web")[..^1],
        ];
        Flood(queries, 2000).Answered.ShouldBeGreaterThan(0);
        var flood = Flood(queries, 50_000);

        // Five of six are answered; the kernel may drop datagrams of a flood.
        flood.Answered.ShouldBeInRange(10_000, 50_000);
        flood.Allocated.ShouldBeLessThan(4096);
    }

    [Fact]
    public void A_flood_that_nobody_answers_is_bounded()
    {
        using var silent = new FakeServer(_served.Loop);
        _served.Server.Upstreams = [silent.Upstream];
        var query = Question.Make("example.org", edns: 1232);
        Flood([query], 1000);
        _served.RunUntil(() => _served.Server.Forwarded == 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0;
        var end = Environment.TickCount64 + 2000;
        var asked = 0;
        while (Environment.TickCount64 < end)
        {
            asked += Flood([query], 500).Answered;
            most = Math.Max(most, _served.Server.Forwarded);
            silent.Queries.Clear();
            silent.Askers.Clear();
            _served.Ask(Question.Make("web")).Data.ShouldBe(["10.0.0.2"]);
        }

        most.ShouldBe(256);
        asked.ShouldBeGreaterThan(5000);
        _served.RunUntil(() => _served.Server.Forwarded == 0);
        _served.Server.Trim();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 << 10);
    }

    /// <summary>32 of them, and 400 answers of 16 KB each to be asked for: what is not read of one is not made for him.</summary>
    [Fact]
    public void Connections_that_read_nothing_are_bounded()
    {
        var hosts = Enumerable.Range(0, 1000).Select(number => ServedZone.Host($"host{number}", "all", $"10.0.{number >> 8}.{number & 255}"));
        _served.Zone = ServedZone.Names(new NetworkNames("net", [.. hosts]));
        var questions = Question.Framed([.. Enumerable.Range(0, 400).Select(_ => Question.Make("all"))]);
        var sockets = new List<FileDescriptor>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < 40; number++)
        {
            sockets.Add(_served.Connect());
            UnixSocket.TrySend(sockets[^1], questions).ShouldBe(questions.Length);
            _served.Loop.RunOnce(20);
        }

        while (_served.Loop.RunOnce(100))
        {
            // As much as they can be sent.
        }

        _served.Server.Connections.ShouldBe(32);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(1 << 20);
        _served.Ask(Question.Make("host7")).Data.ShouldBe(["10.0.0.7"]);
        sockets.ForEach(socket => socket.Dispose());
    }

    public void Dispose()
    {
        _served.Dispose();
        _socket.Dispose();
    }

    private (int Answered, long Allocated) Flood(byte[][] queries, int count)
    {
        var answered = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var sent = 0; sent < count; sent++)
        {
            _ = UnixSocket.TrySend(_socket, queries[sent % queries.Length]);
            if (sent % 64 == 63)
            {
                while (_served.Loop.RunOnce(0))
                {
                    while (_socket.TryRead(_buffer) > 0)
                    {
                        answered++;
                    }
                }
            }
        }

        return (answered, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
