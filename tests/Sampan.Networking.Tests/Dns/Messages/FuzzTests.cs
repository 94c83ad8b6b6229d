using System.Net;
using Sampan.Networking.Dns.Messages;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Tests.Dns.Messages;

/// <summary>Whatever comes, nothing is thrown, and what is said is well-formed.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 100_000;

    private static readonly NameZone Zone = ServedZone.Names(new NetworkNames("net", [ServedZone.Host("web", "www 0123456789ab", "10.0.0.2", "fd00::2")]));

    private static readonly byte[][] Seeds =
    [
        Question.Make("web"),
        Question.Make("web.net", Question.Aaaa, edns: 1232),
        Question.Make("www", Question.Any, edns: 4096),
        Question.Make("2.0.0.10.in-addr.arpa", Question.Ptr),
        Question.Make("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", Question.Ptr, edns: 512),
        [.. Question.Make("a.b.c", edns: 512)[..11], 2, .. Question.Make("a.b.c", edns: 512)[12..], 0xC0, 12, 0, 250, 0, 255, 0, 0, 0, 0, 0, 2, 1, 2],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Any_query_is_answered_or_not_without_an_exception(int seed)
    {
        var random = new Random(seed);
        var buffer = new byte[4096];
        var answered = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var length = Mutate(random, buffer);
            var message = buffer[..length];
            var verdict = DnsQuery.Read(message, out var query);
            if (verdict != QueryVerdict.Answer)
            {
                continue;
            }

            query.QuestionEnd.ShouldBeLessThanOrEqualTo(length);
            var answer = ZoneAnswer.Write(buffer, query, query.DatagramLimit, Zone);
            if (answer > 0)
            {
                answered++;
                answer.ShouldBeLessThanOrEqualTo(Math.Min(query.DatagramLimit, buffer.Length), $"seed {seed}, round {round}");
                new Reply(buffer[..answer]).Code.ShouldBe(0);
            }
        }

        // Else the seeds are wrong, and nothing was tried.
        answered.ShouldBeGreaterThan(Rounds / 100);
    }

    [Fact]
    public void Any_answer_of_a_server_is_taken_or_not_without_an_exception()
    {
        var random = new Random(2);
        var query = Question.Make("web.example", edns: 1232);
        DnsQuery.Read(query, out var read).ShouldBe(QueryVerdict.Answer);
        var real = Question.Answer(query, addresses: IPAddress.Loopback.GetAddressBytes());
        var taken = 0;
        for (var round = 0; round < Rounds; round++)
        {
            byte[] answer = [.. real];
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                answer[random.Next(answer.Length)] = (byte)random.Next(256);
            }

            answer = answer[..random.Next(answer.Length + 1)];
            var isRight = answer.AsSpan().StartsWith(query.AsSpan(0, 2)) && answer.Length >= read.QuestionEnd
                && answer.AsSpan(12..read.QuestionEnd).SequenceEqual(query.AsSpan(12..read.QuestionEnd));
            if (UpstreamAnswer.Matches(query, read.QuestionEnd, answer))
            {
                taken++;

                // Letters have no case, and who could not read the question says none.
                if (!isRight)
                {
                    (answer[5] == 0 || WireName.AreEqual(answer.AsSpan(12..(read.QuestionEnd - 4)), query.AsSpan(12..(read.QuestionEnd - 4)))).ShouldBeTrue();
                }
            }
        }

        taken.ShouldBeGreaterThan(Rounds / 100);
    }

    private static int Mutate(Random random, byte[] buffer)
    {
        var seed = Seeds[random.Next(Seeds.Length)];
        seed.CopyTo(buffer, 0);
        var length = seed.Length;
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            switch (random.Next(5))
            {
                case 0:
                    buffer[random.Next(length)] = (byte)random.Next(256);
                    break;
                case 1:
                    buffer[random.Next(length)] = (byte)(0xC0 | random.Next(4));
                    break;
                case 2:
                    length = random.Next(1, length + 1);
                    break;
                case 3:
                    random.NextBytes(buffer.AsSpan(length, 16));
                    length += random.Next(16);
                    break;
                default:
                    buffer[random.Next(length)] ^= 0x20;
                    break;
            }
        }

        return length;
    }
}
