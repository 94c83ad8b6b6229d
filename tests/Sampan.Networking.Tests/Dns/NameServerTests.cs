using Sampan.Networking.Dns.Zones;
using Sampan.Networking.Tests.Dns.Forwarding;

namespace Sampan.Networking.Tests.Dns;

public sealed class NameServerTests : IDisposable
{
    private readonly ServedZone _served = new(ServedZone.Names(new NetworkNames(
        "net",
        [.. Enumerable.Range(0, 200).Select(number => ServedZone.Host($"host{number}", "all", $"10.0.1.{number}"))])));

    [Fact]
    public void What_is_malformed_is_said_to_be()
    {
        var reply = _served.Ask([0xAB, 0xCD, 1, 0]);
        (reply.Id, reply.Code).ShouldBe(((ushort)0xABCD, 1));
        reply = _served.Ask(Question.Make("host1")[..^1]);
        (reply.Id, reply.Code, reply.Questions.Count).ShouldBe(((ushort)0x1234, 1, 0));
        reply = _served.Ask(Question.Make("host1", flags: 0x2100));
        (reply.Code, reply.Flags).ShouldBe((4, (ushort)(0x8000 | 0x2100 | 4)));
    }

    [Fact]
    public void What_has_no_id_or_is_an_answer_is_passed_over()
    {
        _served.ShouldBeSilentOn([]);
        _served.ShouldBeSilentOn([1, 2]);
        _served.ShouldBeSilentOn([1, 2, 0x81]);
        _served.ShouldBeSilentOn(Question.Make("host1", flags: 0x8180));
    }

    [Fact]
    public void A_query_as_long_as_no_query_is_malformed()
    {
        _served.Ask([.. Question.Make("host1"), .. new byte[3000]]).Code.ShouldBe(1);
        _served.Ask([.. Question.Make("host1"), .. new byte[9000]]).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(200, 512)]
    [InlineData(1232, 1232)]
    [InlineData(4096, 3200 + 22 + 11)]
    public void An_answer_is_no_longer_than_the_asker_takes(int edns, int atMost)
    {
        _served.Send(Question.Make("all", edns: edns));
        _served.RunUntil(() => _served.Answers.Count > 0);
        var bytes = _served.Answers.Dequeue();
        var reply = new Reply(bytes);
        bytes.Length.ShouldBeInRange(atMost - 16, atMost);
        reply.IsTruncated.ShouldBe(edns < 4096);
        reply.Answers.Count.ShouldBe((atMost - 21 - (edns > 0 ? 11 : 0)) / 16);
        reply.EdnsSize.ShouldBe(edns > 0 ? 1232 : null);
    }

    [Fact]
    public void By_TCP_the_answer_is_whole()
    {
        using var asker = new StreamAsker(_served);
        asker.Send(Question.Framed(Question.Make("all")));
        var reply = asker.Next();
        reply.IsTruncated.ShouldBeFalse();
        reply.Answers.Count.ShouldBe(200);
    }

    [Fact]
    public void EDNS_of_tomorrow_is_said_not_to_be_there()
    {
        var reply = _served.Ask(Question.Make("host1", edns: 1232, version: 7));
        (reply.Code, reply.ExtendedCode, reply.EdnsSize).ShouldBe((0, 1, 1232));
        reply.Answers.ShouldBeEmpty();
    }

    [Fact]
    public void An_internal_network_knows_its_own_names_alone()
    {
        using var upstream = new FakeServer(_served.Loop) { Answer = FakeServer.With("192.0.2.1") };
        _served.Server.Upstreams = [upstream.Upstream];
        _served.Server.IsInternal = true;
        _served.Ask(Question.Make("host7")).Data.ShouldBe(["10.0.1.7"]);
        _served.Ask(Question.Make("host7", Question.Aaaa)).Code.ShouldBe(0);
        var reply = _served.Ask(Question.Make("example.org", edns: 1232));
        (reply.Code, reply.EdnsSize, reply.Answers.Count).ShouldBe((3, 1232, 0));
        upstream.Queries.ShouldBeEmpty();
        _served.Server.IsInternal = false;
        _served.Ask(Question.Make("example.org")).Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void Nobody_to_ask_is_a_failure()
    {
        var reply = _served.Ask(Question.Make("example.org", edns: 1232));
        (reply.Code, reply.EdnsSize, reply.Answers.Count).ShouldBe((2, 1232, 0));
        reply.Questions.ShouldBe([("example.org", Question.A, (ushort)1)]);
    }

    /// <summary>Where the user sets ndots, the resolver goes on with its search list when a name has no address.</summary>
    [Fact]
    public void Names_of_one_label_can_be_kept()
    {
        _served.Server.KeepsSingleLabels = true;
        _served.Ask(Question.Make("nobody")).Code.ShouldBe(0);
        _served.Ask(Question.Make("nobody", Question.Aaaa)).Code.ShouldBe(0);
        _served.Ask(Question.Make("nobody", Question.Mx)).Code.ShouldBe(2);
        _served.Ask(Question.Make("nobody.org")).Code.ShouldBe(2);
        _served.Ask(Question.Make("")).Code.ShouldBe(2);
    }

    [Fact]
    public void Memory_can_be_given_back_between_queries()
    {
        for (var round = 0; round < 3; round++)
        {
            _served.Ask(Question.Make("host7")).Data.ShouldBe(["10.0.1.7"]);
            _served.Server.Trim();
        }
    }

    public void Dispose() => _served.Dispose();
}
