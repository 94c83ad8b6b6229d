using System.Text.RegularExpressions;

namespace Sampan.Architecture.Tests.Sources;

/// <summary>Files stay small and are found by the name of what they hold.</summary>
public class FileTests
{
    private const int LargestFile = 30 * 1024;

    private static readonly string[] EmptyNouns = ["Utils", "Utilities", "Helpers", "Managers", "Common", "Misc", "Shared"];

    private static IEnumerable<string> AllFiles => Repository.SourceFiles.Concat(Repository.TestFiles);

    [Fact]
    public void No_file_is_too_long_to_read()
    {
        AllFiles.Where(file => new FileInfo(file).Length > LargestFile).Select(Repository.Relative).ShouldBeEmpty();
    }

    [Fact]
    public void Half_of_the_production_files_are_shorter_than_four_kilobytes()
    {
        var sizes = Repository.SourceFiles.Select(file => new FileInfo(file).Length).Order().ToArray();
        sizes[sizes.Length / 2].ShouldBeLessThanOrEqualTo(4096);
    }

    [Fact]
    public void Folders_and_files_are_nouns_of_the_domain()
    {
        AllFiles.Select(Repository.Relative)
            .Where(file => file.Split('/', '.').Any(part => EmptyNouns.Any(noun => part == noun || part.EndsWith(noun[..^1], StringComparison.Ordinal))))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_file_with_public_types_declares_the_one_it_is_named_after()
    {
        var declaration = new Regex(@"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|enum|interface|record struct|record|delegate \S+) (\w+)", RegexOptions.Multiline);
        foreach (var file in Repository.SourceFiles)
        {
            var types = declaration.Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).ToArray();
            if (types.Length > 0)
            {
                types.ShouldContain(Path.GetFileName(file).Split('.')[0], Repository.Relative(file));
            }
        }
    }

    [Fact]
    public void A_namespace_follows_its_folder()
    {
        // Aspect folders of Sampan.Linux hold types of the root namespace (the errors), so a folder may be cut off but never invented.
        var declaration = new Regex(@"^namespace ([\w.]+);", RegexOptions.Multiline);
        foreach (var file in Repository.SourceFiles)
        {
            var match = declaration.Match(File.ReadAllText(file));

            // What the compiler knows by a name of the framework's own has that name.
            if (match.Success && !match.Groups[1].Value.StartsWith("System.", StringComparison.Ordinal))
            {
                var folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file))!.Replace('/', '.');
                $"{folder}.".ShouldStartWith($"{match.Groups[1].Value}.", Case.Sensitive, Repository.Relative(file));
            }
        }
    }
}
