using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;
using Sampan.Networking.Dns.Zones;
using Sampan.Networking.Tests.Dns.Forwarding;

namespace Sampan.Networking.Tests.Dns.Connections;

public sealed class ConnectionTests : IDisposable
{
    private const int Idle = 400;

    private static readonly NameZone Zone = ServedZone.Names(new NetworkNames("net",
    [
        ServedZone.Host("web", "", "10.0.0.2"),
        .. Enumerable.Range(0, 1000).Select(number => ServedZone.Host($"host{number}", "all", $"10.0.{1 + (number / 250)}.{number % 250}")),
    ]));

    private readonly ServedZone _served = new(Zone, new NameServerLimits { Connections = 4, ForwardedOfConnection = 3, LastAttemptMilliseconds = 1500 });
    private readonly ServedZone _impatient = new(Zone, new NameServerLimits { IdleMilliseconds = Idle, LastAttemptMilliseconds = 3 * Idle });

    private readonly FakeServer _upstream;

    public ConnectionTests()
    {
        _upstream = new(_served.Loop);
        _served.Server.Upstreams = [_upstream.Upstream];
    }

    [Fact]
    public void Several_questions_are_answered_over_one_connection()
    {
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed([.. Enumerable.Range(0, 40).Select(number => Question.Make("web", id: (ushort)number))]));
        for (ushort id = 0; id < 40; id++)
        {
            var reply = asker.Next();
            (reply.Id, reply.Data.Single()).ShouldBe((id, "10.0.0.2"));
        }

        asker.Send(Question.Framed(Question.Make("host3")));
        asker.Next().Data.ShouldBe(["10.0.1.3"]);
        _served.Server.Connections.ShouldBe(1);
    }

    [Fact]
    public void A_question_may_come_byte_by_byte()
    {
        using var asker = new StreamAsker(_served);
        foreach (var value in Question.Framed(Question.Make("web")))
        {
            asker.Send(value);
            _served.Loop.RunOnce(5);
        }

        asker.Next().Data.ShouldBe(["10.0.0.2"]);
    }

    [Fact]
    public void Who_waits_for_one_answer_gets_the_others()
    {
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("slow.org", id: 1), Question.Make("web", id: 2), Question.Make("slower.org", id: 3)));
        asker.Next().Id.ShouldBe((ushort)2);
        _served.RunUntil(() => _upstream.Queries.Count == 2);
        _served.Server.Forwarded.ShouldBe(2);
    }

    [Fact]
    public void What_a_connection_asks_elsewhere_is_bounded_and_the_rest_waits()
    {
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed([.. Enumerable.Range(0, 9).Select(number => Question.Make("slow.org", id: (ushort)number)), Question.Make("web", id: 100)]));
        _served.RunUntil(() => _upstream.Queries.Count == 3);
        _served.Loop.RunOnce(50);
        _served.Server.Forwarded.ShouldBe(3);

        // The next ones have their turn, and what can be answered here after them has its own.
        _upstream.Answer = FakeServer.With("192.0.2.1");
        for (var answer = 0; answer < 3; answer++)
        {
            asker.Next().Code.ShouldBe(2);
        }

        var rest = new Dictionary<int, string>();
        for (var answer = 0; answer < 7; answer++)
        {
            var reply = asker.Next();
            rest.Add(reply.Id, reply.Data.Single());
        }

        rest[100].ShouldBe("10.0.0.2");
        Enumerable.Range(3, 6).Select(id => rest[id]).ShouldAllBe(address => address == "192.0.2.1");
    }

    [Fact]
    public void Who_has_asked_all_is_still_answered()
    {
        using var asker = new StreamAsker(_served);
        _upstream.Answer = FakeServer.With("192.0.2.1");
        asker.Send(Question.Framed(Question.Make("web"), Question.Make("example.org")));
        asker.EndAsking();
        asker.Next().Data.ShouldBe(["10.0.0.2"]);
        asker.Next().Data.ShouldBe(["192.0.2.1"]);
        _served.RunUntil(() => asker.IsClosed);
        _served.Server.Connections.ShouldBe(0);
    }

    [Fact]
    public void Who_asks_nothing_is_closed()
    {
        using var silent = new StreamAsker(_impatient);
        using var slow = new StreamAsker(_impatient);
        slow.Send(Question.Framed(Question.Make("web"))[..5]);
        var began = Environment.TickCount64;
        _impatient.RunUntil(() => silent.IsClosed && slow.IsClosed);
        (Environment.TickCount64 - began).ShouldBeInRange(Idle - 50, 5000);
        _impatient.Server.Connections.ShouldBe(0);
    }

    [Fact]
    public void To_wait_for_an_answer_is_not_to_idle()
    {
        using var silent = new FakeServer(_impatient.Loop);
        _impatient.Server.Upstreams = [silent.Upstream];
        using var asker = new StreamAsker(_impatient);
        asker.Send(Question.Framed(Question.Make("slow.org")));
        asker.Next().Code.ShouldBe(2);
        _impatient.RunUntil(() => asker.IsClosed);
    }

    [Fact]
    public void Who_reads_nothing_is_closed()
    {
        // Not on the loop: nobody reads what it is sent.
        using var socket = _impatient.Connect();
        var questions = Question.Framed([.. Enumerable.Range(0, 400).Select(_ => Question.Make("all"))]);
        UnixSocket.TrySend(socket, questions).ShouldBe(questions.Length);
        _impatient.RunUntil(() => _impatient.Server.Connections == 1);
        _impatient.RunUntil(() => _impatient.Server.Connections == 0);
        _impatient.Ask(Question.Make("web")).Data.ShouldBe(["10.0.0.2"]);
    }

    [Fact]
    public void Who_reads_slowly_gets_all()
    {
        using var socket = _served.Connect();
        var questions = Question.Framed([.. Enumerable.Range(0, 40).Select(_ => Question.Make("all"))]);
        UnixSocket.TrySend(socket, questions).ShouldBe(questions.Length);
        var expected = 40 * (2 + 21 + (1000 * 16));
        var buffer = new byte[20_000];
        var received = 0;
        _served.RunUntil(() =>
        {
            received += Math.Max(0, socket.TryRead(buffer));
            return received >= expected;
        });
        received.ShouldBe(expected);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x47, 0x45, 0x54, 0x20, 0x2F })]
    public void What_is_no_question_ends_a_connection(byte[] bytes)
    {
        using var asker = new StreamAsker(_served);
        asker.Send(bytes);
        var began = Environment.TickCount64;
        _served.RunUntil(() => asker.IsClosed);

        // At once, not when it has idled.
        (Environment.TickCount64 - began).ShouldBeLessThan(8000);
    }

    [Fact]
    public void Connections_are_bounded_and_more_of_them_wait()
    {
        using var first = new StreamAsker(_served);
        using var second = new StreamAsker(_served);
        using var third = new StreamAsker(_served);
        using var fourth = new StreamAsker(_served);
        using var fifth = new StreamAsker(_served);
        fifth.Send(Question.Framed(Question.Make("web")));
        _served.RunUntil(() => _served.Server.Connections == 4);
        _served.Loop.RunOnce(50);
        _served.Server.Connections.ShouldBe(4);

        // There is room as soon as one goes.
        first.Send(0, 0);
        fifth.Next().Data.ShouldBe(["10.0.0.2"]);
    }

    [Fact]
    public void Who_leaves_is_not_waited_for()
    {
        var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("slow.org")));
        _served.RunUntil(() => _upstream.Queries.Count == 1);
        _served.Server.Forwarded.ShouldBe(1);
        asker.Dispose();

        // He may have closed one direction alone, so it takes the answer, or the end of the wait for it, to find out.
        _served.RunUntil(() => _served.Server.Connections == 0);
        _served.Server.Forwarded.ShouldBe(0);
    }

    public void Dispose()
    {
        _upstream.Dispose();
        _served.Dispose();
        _impatient.Dispose();
    }
}
