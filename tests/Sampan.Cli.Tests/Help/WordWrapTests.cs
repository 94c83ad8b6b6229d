using System.Text;
using Sampan.Cli.Help;

namespace Sampan.Cli.Tests.Help;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)", "Block IO (relative weight),\n...between 10 and 1000, or 0 to\n...disable (default 0)")]
    [InlineData("one\ntwo", "one\n...two")]
    public void Wraps_as_docker_does(string text, string expected)
    {
        var output = new StringBuilder();
        WordWrap.Append(output, text, margin: 41, width: 79);
        output.ToString().Replace("\n" + new string(' ', 41), "\n...", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public void A_narrow_terminal_gets_a_block_below()
    {
        var output = new StringBuilder();
        WordWrap.Append(output, "text", margin: 41, width: 50);
        output.ToString().ShouldBe("\n" + new string(' ', 16) + "text");
    }
}
