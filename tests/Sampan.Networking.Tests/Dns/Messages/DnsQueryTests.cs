using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Tests.Dns.Messages;

public sealed class DnsQueryTests
{
    [Fact]
    public void A_question_is_read()
    {
        DnsQuery.Read(Question.Make("web.example", Question.Aaaa), out var query).ShouldBe(QueryVerdict.Answer);
        query.Type.ShouldBe(RecordType.Address6);
        query.NameLength.ShouldBe(13);
        query.DatagramLimit.ShouldBe(512);
        query.HasEdns.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1232, 1232)]
    [InlineData(100, 512)]
    [InlineData(65535, 65535)]
    public void EDNS_says_how_much_the_asker_takes(int size, int limit)
    {
        DnsQuery.Read(Question.Make("web", edns: size), out var query).ShouldBe(QueryVerdict.Answer);
        query.HasEdns.ShouldBeTrue();
        query.DatagramLimit.ShouldBe(limit);
    }

    public static TheoryData<string, byte[], int> Oddities => new()
    {
        { "nothing", [], (int)QueryVerdict.Silence },
        { "an id alone", [1, 2], (int)QueryVerdict.Silence },
        { "an answer", Question.Make("web", flags: 0x8180), (int)QueryVerdict.Silence },
        { "half a header", [1, 2, 1, 0, 0, 1], (int)QueryVerdict.FormatError },
        { "no question", [1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], (int)QueryVerdict.FormatError },
        { "two questions", Changed(Question.Make("web"), 5, 2), (int)QueryVerdict.FormatError },
        { "an update", Question.Make("web", flags: 0x2800), (int)QueryVerdict.NotImplemented },
        { "a name without its end", Question.Make("web")[..16], (int)QueryVerdict.FormatError },
        { "a question without its class", Question.Make("web")[..^2], (int)QueryVerdict.FormatError },
        { "more than there is to it", [.. Question.Make("web"), 0], (int)QueryVerdict.FormatError },
        { "a record that is not there", Changed(Question.Make("web"), 11, 1), (int)QueryVerdict.FormatError },
        { "a record longer than the message", Changed(Question.Make("web", edns: 512), ^1, 9), (int)QueryVerdict.FormatError },
        { "EDNS twice", Changed([.. Question.Make("web", edns: 512), .. Question.Make("web", edns: 512)[^11..]], 11, 2), (int)QueryVerdict.FormatError },
        { "EDNS of tomorrow", Question.Make("web", edns: 512, version: 1), (int)QueryVerdict.BadVersion },
        { "a pointer to itself", [.. Question.Make("")[..12], 0xC0, 12, 0, 1, 0, 1], (int)QueryVerdict.FormatError },
        { "a pointer into the header", [.. Question.Make("")[..12], 0xC0, 0, 0, 1, 0, 1], (int)QueryVerdict.FormatError },
        { "a label of a kind that is no more", [.. Question.Make("")[..12], 0x41, 1, 0, 0, 1, 0, 1], (int)QueryVerdict.FormatError },
        { "a long name", Question.Make(string.Join('.', Enumerable.Repeat(new string('x', 63), 4))), (int)QueryVerdict.FormatError },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void What_is_no_question_is_told_from_what_is(string what, byte[] message, int verdict) =>
        DnsQuery.Read(message, out _).ShouldBe((QueryVerdict)verdict, what);

    [Fact]
    public void The_longest_name_is_read() =>
        DnsQuery.Read(Question.Make($"{string.Join('.', Enumerable.Repeat(new string('x', 63), 3))}.{new string('x', 61)}"), out _).ShouldBe(QueryVerdict.Answer);

    /// <summary>Names of records may be pointers, to what was before them alone.</summary>
    [Theory]
    [InlineData(12, true)]
    [InlineData(21, false)]
    [InlineData(22, false)]
    [InlineData(16000, false)]
    public void Pointers_lead_back(int target, bool isName)
    {
        byte[] message = [.. Changed(Question.Make("web"), 11, 1), (byte)(0xC0 | (target >> 8)), (byte)target, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0];
        DnsQuery.Read(message, out _).ShouldBe(isName ? QueryVerdict.Answer : QueryVerdict.FormatError);
    }

    /// <summary>A chain of pointers, each to the one before, is followed so far and no farther.</summary>
    [Fact]
    public void Chains_of_pointers_are_bounded()
    {
        // In the data of a first record there are pointers, each to the one before it; the second record's name is the last of them.
        List<byte> chain = [0xC0, 12];
        var start = 21 + 11;
        for (var index = 1; index < 60; index++)
        {
            var target = start + (2 * (index - 1));
            chain.AddRange([(byte)(0xC0 | (target >> 8)), (byte)target]);
        }

        byte[] first = [.. Changed(Question.Make("web"), 11, 2), 0, 0, 16, 0, 1, 0, 0, 0, 0, .. Question.Number((ushort)chain.Count), .. chain];
        Verdict(29).ShouldBe(QueryVerdict.Answer);
        Verdict(59).ShouldBe(QueryVerdict.FormatError);

        QueryVerdict Verdict(int link)
        {
            var target = start + (2 * link);
            byte[] message = [.. first, (byte)(0xC0 | (target >> 8)), (byte)target, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0];
            return DnsQuery.Read(message, out _);
        }
    }

    private static byte[] Changed(byte[] message, Index place, byte value)
    {
        message[place] = value;
        return message;
    }
}
