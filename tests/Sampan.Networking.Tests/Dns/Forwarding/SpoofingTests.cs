namespace Sampan.Networking.Tests.Dns.Forwarding;

/// <summary>Who may answer, and what is taken for an answer (RFC 5452).</summary>
public sealed class SpoofingTests : IDisposable
{
    private readonly ServedZone _served = new();
    private readonly FakeServer _first;
    private readonly FakeServer _second;

    public SpoofingTests()
    {
        _first = new(_served.Loop);
        _second = new(_served.Loop);
        _served.Server.Upstreams = [_first.Upstream];
    }

    /// <summary>Wrong id, wrong question, no answer at all: none of it ends the wait for the right one.</summary>
    [Fact]
    public void Only_the_answer_to_the_question_is_taken()
    {
        _served.Send(Question.Make("bank.org"));
        _served.RunUntil(() => _first.Queries.Count == 1);
        var (query, asker) = (_first.Queries[0], _first.Askers[0]);
        byte[] wrong = [6, 6, 6, 6];
        byte[] otherId = [(byte)(query[0] ^ 1), .. query[1..]];
        _first.Say(asker, Question.Answer(otherId, addresses: wrong));
        _first.Say(asker, Question.Answer([.. query[..2], .. Question.Make("bonk.org")[2..]], addresses: wrong));
        _first.Say(asker, Question.Answer([.. query[..2], .. Question.Make("bank.org", Question.Aaaa)[2..]], addresses: wrong));
        _first.Say(asker, query);
        _first.Say(asker, [query[0], query[1], 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0]);
        _first.Say(asker, [1, 2, 3]);
        _first.Say(asker, []);
        for (var round = 0; round < 100; round++)
        {
            _first.Say(asker, Question.Answer(otherId, addresses: wrong));
        }

        // The right answer may have letters of another case.
        _first.Say(asker, Question.Answer([.. query[..2], .. Question.Make("BANK.org")[2..]], addresses: [192, 0, 2, 1]));
        _served.Next().Data.ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void What_another_address_says_is_not_heard()
    {
        _served.Send(Question.Make("bank.org"));
        _served.RunUntil(() => _first.Queries.Count == 1);
        var (query, asker) = (_first.Queries[0], _first.Askers[0]);

        // A guesser who knows id and port.
        _second.Say(asker, Question.Answer(query, addresses: [6, 6, 6, 6]));
        _first.Say(asker, Question.Answer(query, addresses: [192, 0, 2, 1]));
        _served.Next().Data.ShouldBe(["192.0.2.1"]);
        _served.Answers.ShouldBeEmpty();
    }

    [Fact]
    public void Ids_and_ports_are_not_to_be_guessed()
    {
        _first.Answer = FakeServer.With("192.0.2.1");
        for (ushort id = 0; id < 64; id++)
        {
            _served.Ask(Question.Make("one.org", id: id)).Id.ShouldBe(id);
        }

        var ids = _first.Queries.Select(query => (query[0] << 8) | query[1]).ToArray();
        var ports = _first.Askers.Select(asker => (asker[2] << 8) | asker[3]).ToArray();

        // 64 of 65,536 and of some 28,000: that ten of them are there twice is less likely than one in a billion.
        ids.Distinct().Count().ShouldBeGreaterThan(54);
        ports.Distinct().Count().ShouldBeGreaterThan(44);
        ids.Zip(ids.Skip(1)).Count(pair => pair.Second - pair.First is 1 or -1).ShouldBeLessThan(10);
    }

    public void Dispose()
    {
        _second.Dispose();
        _first.Dispose();
        _served.Dispose();
    }
}
