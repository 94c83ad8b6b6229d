using System.Text.RegularExpressions;
using Sampan.Cli.Commands;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Commands;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("web", "my-web-1", true)]
    [InlineData("^web$", "web", true)]
    [InlineData("^web$", "web1", false)]
    [InlineData("^/web", "web1", true)]
    [InlineData("web.*1$", "web-a-1", true)]
    [InlineData("web[0-9]+$", "web12", true)]
    [InlineData("web[^0-9]", "web12", false)]
    [InlineData("^(web|db)_\\d{2,3}$", "db_123", true)]
    [InlineData("^(web|db)_\\d{2,3}$", "db_1", false)]
    [InlineData("a\\.b", "axb", false)]
    [InlineData("", "anything", true)]
    [InlineData("^(a*)*$", "aaaaaaaaaaaa", true)]
    [InlineData("x?y", "y", true)]
    public void Matches_as_docker_does(string pattern, string text, bool matches) => Filters.MatchText(text, pattern).ShouldBe(matches);

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("a{2,1}")]
    [InlineData("a**")]
    [InlineData("a\\")]
    public void What_is_no_expression_is_refused(string pattern) => Should.Throw<SampanException>(() => new NamePattern(pattern)).Message.ShouldContain("error parsing regexp");

    [Fact]
    public void It_agrees_with_dotnets()
    {
        string[] words = ["a", "b", "c", ".", "*", "+", "?", "|", "(", ")", "[ab]", "[^a]", "^", "$", "{1,2}", "\\."];
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => words[random.Next(words.Length)]));
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "abc."[random.Next(4)]));
            NamePattern ours;
            Regex theirs;
            try
            {
                ours = new(pattern);
                theirs = new(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));
            }
            catch (Exception error) when (error is SampanException or ArgumentException)
            {
                continue;
            }
            ours.Matches(text).ShouldBe(theirs.IsMatch(text), $"{pattern} in {text}");
        }
    }
}
