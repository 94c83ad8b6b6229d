using System.Text.RegularExpressions;

namespace Sampan.Architecture.Tests.Documents;

/// <summary>What a page points at is there.</summary>
public class LinkTests
{
    private static readonly Regex Link = new(@"\]\((?!https?:|mailto:)([^)\s]*)\)");

    private static readonly Regex Heading = new(@"^#+\s+(.+?)\s*$", RegexOptions.Multiline);

    public static TheoryData<string> Pages => [.. Repository.Documents.Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_resolve(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (Match match in Link.Matches(WithoutCode(Repository.Read(page))))
        {
            var (path, anchor) = Split(match.Groups[1].Value);
            var target = path.Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(Path.Combine(folder, path));
            Path.Exists(target).ShouldBeTrue($"{page} links to {path}");
            if (anchor.Length > 0)
            {
                Anchors(target).ShouldContain(anchor, $"{page} links to {match.Groups[1].Value}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Source_paths_in_backticks_exist(string page)
    {
        foreach (Match match in Regex.Matches(Repository.Read(page), "`((?:src|tests|bench|docs|eng)/[A-Za-z0-9_./-]+)`"))
        {
            Path.Exists(Path.Combine(Repository.Root, match.Groups[1].Value)).ShouldBeTrue($"{page} names {match.Groups[1].Value}");
        }
    }

    private static (string Path, string Anchor) Split(string link)
    {
        var at = link.IndexOf('#', StringComparison.Ordinal);
        return at < 0 ? (link, "") : (link[..at], link[(at + 1)..]);
    }

    private static HashSet<string> Anchors(string page) =>
        [.. Heading.Matches(WithoutCode(File.ReadAllText(page))).Select(match => Slug(match.Groups[1].Value))];

    private static string Slug(string heading) =>
        Regex.Replace(heading.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-');

    private static string WithoutCode(string text) => Regex.Replace(text, "^```.*?^```", "", RegexOptions.Multiline | RegexOptions.Singleline);
}
