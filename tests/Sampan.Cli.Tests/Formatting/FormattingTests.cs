using Sampan.Cli.Formatting;

namespace Sampan.Cli.Tests.Formatting;

public sealed class FormattingTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1kB")]
    [InlineData(4261550, "4.26MB")]
    [InlineData(42615500, "42.6MB")]
    [InlineData(187000000, "187MB")]
    [InlineData(1234567890, "1.23GB")]
    public void Sizes(long bytes, string expected) => HumanSize.Format(bytes).ShouldBe(expected);

    [Fact]
    public void Memory() => HumanSize.FormatMemory(25_275_000_000).ShouldBe("23.54GiB");

    [Theory]
    [InlineData(0, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(119, "About a minute")]
    [InlineData(120, "2 minutes")]
    [InlineData(3599, "59 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(2 * 3600, "2 hours")]
    [InlineData(47 * 3600, "47 hours")]
    [InlineData(48 * 3600, "2 days")]
    [InlineData(14 * 86400, "2 weeks")]
    [InlineData(60 * 86400, "2 months")]
    [InlineData(800 * 86400, "2 years")]
    [InlineData(-5, "Less than a second")]
    public void Durations(long seconds, string expected) => HumanDuration.Format(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Fact]
    public void Rfc3339_as_docker_writes_it()
    {
        Timestamp.Rfc3339(DateTimeOffset.MinValue).ShouldBe("0001-01-01T00:00:00Z");
        Timestamp.Rfc3339(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 670, TimeSpan.Zero)).ShouldBe("2026-01-02T03:04:05.67Z");
    }

    [Theory]
    [InlineData("abc", 5, "abc")]
    [InlineData("abcdef", 5, "abcd…")]
    public void Ellipses(string text, int length, string expected) => Ellipsis.Cut(text, length).ShouldBe(expected);

    [Fact]
    public void Short_ids() => Ellipsis.Id("sha256:0123456789abcdef").ShouldBe("0123456789ab");

    [Fact]
    public void A_table_has_dockers_padding()
    {
        using var captured = new CapturedOutput();
        captured.Capture(output =>
        {
            var table = new TextTable();
            table.Add("ID", "A LONGER HEADING", "LAST");
            table.Add("0123456789ab", "日本", "x");
            table.Write(output);
        }).ShouldBe("ID             A LONGER HEADING   LAST\n0123456789ab   日本                 x\n");
    }

    [Fact]
    public void A_narrow_column_is_ten_wide()
    {
        using var captured = new CapturedOutput();
        captured.Capture(output =>
        {
            var table = new TextTable();
            table.Add("DRIVER", "VOLUME NAME");
            table.Add("local", "data");
            table.Write(output);
        }).ShouldBe("DRIVER    VOLUME NAME\nlocal     data\n");
    }
}
