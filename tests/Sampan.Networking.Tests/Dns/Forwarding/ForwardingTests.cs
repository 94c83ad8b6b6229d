using System.Net;
using Sampan.Linux;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;
using Sampan.Networking.Dns.Forwarding;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Tests.Dns.Forwarding;

public sealed class ForwardingTests : IDisposable
{
    private const int Attempt = 500;

    private readonly ServedZone _served = new(
        ServedZone.Names(new NetworkNames("net", [ServedZone.Host("web", "", "10.0.0.2")])),
        new NameServerLimits { AttemptMilliseconds = Attempt, LastAttemptMilliseconds = Attempt, DetourMilliseconds = 1000, Forwarded = 8 });

    private readonly FakeServer _first;
    private readonly FakeServer _second;

    public ForwardingTests()
    {
        _first = new(_served.Loop);
        _second = new(_served.Loop);
        _served.Server.Upstreams = [_first.Upstream, _second.Upstream];
    }

    [Fact]
    public void What_the_zone_does_not_know_is_asked_elsewhere()
    {
        _first.Answer = FakeServer.With("192.0.2.1");
        var query = Question.Make("example.org", edns: 1232);
        var reply = _served.Ask(query);
        reply.Id.ShouldBe((ushort)0x1234);
        reply.Answers.ShouldBe(["example.org 1 60 192.0.2.1"]);

        // The server was asked the same, by another id.
        _first.Queries.Single()[2..].ShouldBe(query[2..]);
        _second.Queries.ShouldBeEmpty();
        _served.Ask(Question.Make("web")).Data.ShouldBe(["10.0.0.2"]);
        _first.Queries.Count.ShouldBe(1);
        _served.Server.Forwarded.ShouldBe(0);
    }

    [Fact]
    public void A_silent_server_costs_its_time_and_then_only_now_and_then()
    {
        _second.Answer = FakeServer.With("192.0.2.2");
        var began = Environment.TickCount64;
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.2"]);
        (Environment.TickCount64 - began).ShouldBeGreaterThanOrEqualTo(Attempt - 20);

        // Nobody waits for it any more,
        _served.Ask(Question.Make("two.org")).Data.ShouldBe(["192.0.2.2"]);
        _first.Queries.Count.ShouldBe(1);

        // and after a while it has another chance: it may know what the other does not.
        var end = Environment.TickCount64 + 1000;
        _served.RunUntil(() => Environment.TickCount64 > end);
        _first.Answer = FakeServer.With("192.0.2.1");
        _served.Ask(Question.Make("three.org")).Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void A_server_nobody_runs_costs_no_time()
    {
        using var served = new ServedZone(limits: new() { AttemptMilliseconds = 20_000 });
        using var other = new FakeServer(served.Loop) { Answer = FakeServer.With("192.0.2.2") };
        var gone = _first.Upstream;
        _first.Dispose();
        served.Server.Upstreams = [gone, other.Upstream];
        served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.2"]);
    }

    [Fact]
    public void A_server_there_is_no_socket_for_is_passed_over()
    {
        _second.Answer = FakeServer.With("192.0.2.2");
        _served.Server.Upstreams = [new Upstream(_first.Address, (_, _) => throw new LinuxException(Errno.EMFILE, "make socket", "")), _second.Upstream];
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.2"]);
        _served.Server.Upstreams = [_served.Server.Upstreams[0]];
        _served.Ask(Question.Make("one.org")).Code.ShouldBe(2);
        _served.Server.Forwarded.ShouldBe(0);
    }

    [Fact]
    public void The_owner_says_where_sockets_are_made()
    {
        var made = new List<(int Family, bool IsStream)>();
        _first.Answer = FakeServer.With("192.0.2.1");
        _served.Server.Upstreams =
        [
            new Upstream(_first.Address, (family, isStream) =>
            {
                made.Add((family, isStream));
                return ClientSocket.Make(family, isStream);
            }),
        ];
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.1"]);
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("one.org")));
        asker.Next().Data.ShouldBe(["192.0.2.1"]);
        made.ShouldBe([(2, false), (2, true)]);
    }

    [Fact]
    public void Silence_everywhere_is_a_failure()
    {
        var began = Environment.TickCount64;
        var reply = _served.Ask(Question.Make("one.org", edns: 1232));
        (reply.Id, reply.Code, reply.EdnsSize).ShouldBe(((ushort)0x1234, 2, 1232));
        (Environment.TickCount64 - began).ShouldBeInRange((2 * Attempt) - 40, 5000);
        _first.Queries.Count.ShouldBe(1);
        _second.Queries.Count.ShouldBe(1);

        // Each was asked with an id and from a port of its own.
        _first.Askers[0].ShouldNotBe(_second.Askers[0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_server_that_cannot_is_not_the_last_word(int code)
    {
        _first.Answer = query => Question.Answer(query, code);
        _second.Answer = FakeServer.With("192.0.2.2");
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.2"]);
        _second.Answer = query => Question.Answer(query, code);
        _served.Ask(Question.Make("one.org")).Code.ShouldBe(2);

        // That it cannot this time is no reason to ask another first.
        _first.Queries.Count.ShouldBe(2);
    }

    [Fact]
    public void That_a_name_does_not_exist_is_an_answer()
    {
        _first.Answer = query => Question.Answer(query, 3);
        _served.Ask(Question.Make("none.org")).Code.ShouldBe(3);
        _second.Queries.ShouldBeEmpty();
    }

    /// <summary>What a server says that knows no EDNS (RFC 6891, 7): the asker then goes without.</summary>
    [Fact]
    public void An_error_without_a_question_is_an_answer()
    {
        _first.Answer = query => [query[0], query[1], 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        var reply = _served.Ask(Question.Make("one.org", edns: 1232));
        (reply.Id, reply.Code).ShouldBe(((ushort)0x1234, 1));
    }

    [Fact]
    public void A_cut_answer_is_handed_on_cut_and_whole_by_TCP()
    {
        var text = new byte[60_000];
        _first.Answer = query => Question.Answer(query, flags: 0x8380);
        var reply = _served.Ask(Question.Make("long.org", 16));
        reply.IsTruncated.ShouldBeTrue();
        reply.Answers.ShouldBeEmpty();

        _first.Answer = query => Question.Answer(query, addresses: text);
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("long.org", 16)));
        asker.Next().Data.Single().Length.ShouldBe(2 * text.Length);
    }

    [Fact]
    public void A_server_without_TCP_is_passed_over_for_TCP_alone()
    {
        _first.HangsUp = true;
        _first.Answer = FakeServer.With("192.0.2.1");
        _second.Answer = FakeServer.With("192.0.2.2");
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("one.org")));
        asker.Next().Data.ShouldBe(["192.0.2.2"]);
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void A_server_that_says_nothing_by_TCP_has_its_time_too()
    {
        _second.Answer = query => [9, 9, .. Question.Answer(query)[2..]];
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("one.org")));
        asker.Next().Code.ShouldBe(2);
        _served.Server.Forwarded.ShouldBe(0);
    }

    [Fact]
    public void What_waits_is_bounded_and_the_rest_is_refused()
    {
        for (ushort id = 0; id < 10; id++)
        {
            _served.Send(Question.Make("one.org", id: id));
        }

        _served.RunUntil(() => _served.Answers.Count == 2);
        _served.Server.Forwarded.ShouldBe(8);
        var (ninth, tenth) = (_served.Next(), _served.Next());
        (ninth.Id, ninth.Code, tenth.Id, tenth.Code).ShouldBe(((ushort)8, 5, (ushort)9, 5));

        // The zone answers meanwhile, and there is room again when those have had their time.
        _served.Ask(Question.Make("web")).Data.ShouldBe(["10.0.0.2"]);
        _served.RunUntil(() => _served.Answers.Count == 8);
        _served.Answers.ShouldAllBe(answer => (answer[3] & 15) == 2);
        _served.Answers.Clear();
        _first.Answer = _second.Answer = FakeServer.With("192.0.2.1");
        _served.Ask(Question.Make("one.org")).Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void Servers_can_change_while_one_is_asked()
    {
        _served.Send(Question.Make("one.org"));
        _served.RunUntil(() => _first.Queries.Count == 1);
        _served.Server.Upstreams = [];
        _served.Ask(Question.Make("two.org", id: 2)).Code.ShouldBe(2);
        _first.Say(_first.Askers[0], Question.Answer(_first.Queries[0], addresses: [192, 0, 2, 1]));
        _served.Next().Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void The_server_can_go_while_queries_wait()
    {
        using var served = new ServedZone();
        using var silent = new FakeServer(served.Loop);
        served.Server.Upstreams = [silent.Upstream];
        var asker = new StreamAsker(served);
        asker.Send(Question.Framed(Question.Make("one.org")));
        served.Send(Question.Make("one.org"));
        served.RunUntil(() => silent.Queries.Count == 2);
        asker.Dispose();
    }

    [Fact]
    public void Version_6_is_spoken_too()
    {
        using var listener = DatagramSocket.Bind(PeerAddress.Internet(IPAddress.IPv6Loopback, 0));
        _served.Server.Upstreams = [new(PeerAddress.Of(listener))];
        _served.Send(Question.Make("one.org"));
        using var batch = new DatagramBatch(1, 512);
        var received = 0;
        _served.RunUntil(() => (received = batch.Receive(listener)) == 1);
        received.ShouldBe(1);
        var query = batch.Room(0)[..batch.Length(0)].ToArray();
        DatagramSocket.TrySend(listener, Question.Answer(query, addresses: [192, 0, 2, 6]), batch.Address(0)).ShouldBeGreaterThan(0);
        _served.Next().Data.ShouldBe(["192.0.2.6"]);
    }

    public void Dispose()
    {
        _second.Dispose();
        _first.Dispose();
        _served.Dispose();
    }
}
