using System.Text.RegularExpressions;

namespace Sampan.EndToEnd.House;

/// <summary>version, info, help, and that the documents tell the same.</summary>
public sealed class SystemTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Version_and_info_tell_about_this_machine()
    {
        host.Sampan("version").ShouldSucceed().ShouldContain("Version");
        host.Sampan("--version").ShouldSucceed().ShouldMatch("^Sampan version [0-9]");
        var info = host.Sampan("info").ShouldSucceed();
        info.ShouldContain(host.Root);
        info.ShouldContain(Host.Shell("uname -r"));
    }

    [Fact]
    public void Help_is_there_for_every_command()
    {
        foreach (var command in Commands())
        {
            host.Sampan(command, "--help").ShouldSucceed().ShouldContain("Usage:");
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_readmes_table_is_the_command_table(string page)
    {
        var listed = Regex.Matches(File.ReadAllText(Path.Combine(Host.Repository, page)), @"^\| `(\w+)(?: [\w|]+)?` +\|", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        listed.ShouldBe(Commands(), ignoreOrder: true);
    }

    private IReadOnlyList<string> Commands()
    {
        var help = host.Sampan("--help").ShouldSucceed();
        return [.. Regex.Matches(help, @"^  (\w+)\*? {2,}\S", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct()];
    }
}
