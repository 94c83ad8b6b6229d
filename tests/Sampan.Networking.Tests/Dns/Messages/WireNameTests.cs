using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Tests.Dns.Messages;

public sealed class WireNameTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("web.example.org")]
    [InlineData("web.example.org.")]
    [InlineData("_tcp.wéb")]
    public void Names_are_written(string text)
    {
        var name = new byte[WireName.Longest];
        WireName.TryWrite(text, name, out var length).ShouldBeTrue();
        if (text.Contains('é', StringComparison.Ordinal))
        {
            name[..length].ShouldBe([4, .. "_tcp"u8, 4, .. "wéb"u8, 0]);
        }
        else
        {
            name[..length].ShouldBe(Question.Name(text));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void What_no_query_could_ask_for_is_no_name(string text) => WireName.TryWrite(text, new byte[WireName.Longest], out _).ShouldBeFalse();

    [Fact]
    public void A_name_has_255_bytes_at_most()
    {
        var text = string.Join('.', Enumerable.Repeat("123456789", 25));
        WireName.TryWrite($"{text}.123", new byte[WireName.Longest], out var length).ShouldBeTrue();
        length.ShouldBe(255);
        WireName.TryWrite($"{text}.1234", new byte[WireName.Longest], out _).ShouldBeFalse();
    }

    [Fact]
    public void Letters_have_no_case()
    {
        WireName.AreEqual(Question.Name("Web.EXAMPLE"), Question.Name("wEB.example")).ShouldBeTrue();
        WireName.AreEqual(Question.Name("web.example"), Question.Name("web.examplf")).ShouldBeFalse();
        WireName.AreEqual(Question.Name("web"), Question.Name("webs")).ShouldBeFalse();

        // Only letters: '@' and '`' differ by the same bit.
        WireName.AreEqual("@"u8, "`"u8).ShouldBeFalse();
    }
}
