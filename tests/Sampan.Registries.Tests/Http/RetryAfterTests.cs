using Sampan.Registries.Http;

namespace Sampan.Registries.Tests.Http;

public class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData(" 0 ", 0.0)]
    [InlineData("Sat, 21 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("Saturday, 21-Nov-26 12:00:30 GMT", 30.0)]
    [InlineData("Sat Nov 21 12:00:30 2026", 30.0)]
    [InlineData("Sat, 21 Nov 2026 11:00:00 GMT", 0.0)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Seconds_or_a_date(string? value, double? seconds) => (RetryAfter.Parse(value, Now)?.TotalSeconds).ShouldBe(seconds);

    [Fact]
    public void More_digits_than_a_number_holds_are_for_ever() => RetryAfter.Parse(new string('9', 40), Now).ShouldBe(TimeSpan.MaxValue);

    [Theory]
    [InlineData("</v2/x/tags/list?last=b&n=2>; rel=\"next\"", "/v2/x/tags/list?last=b&n=2")]
    [InlineData("<a>; rel=prev, <b>; title=\"x\"; REL = next", "b")]
    [InlineData("<a>; rel=prev", null)]
    [InlineData("nonsense", null)]
    [InlineData("<a", null)]
    public void Links(string header, string? next) => LinkHeader.Next([header]).ShouldBe(next);
}
