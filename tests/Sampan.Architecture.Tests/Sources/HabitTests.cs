using System.Text.RegularExpressions;

namespace Sampan.Architecture.Tests.Sources;

/// <summary>Habits that no analyzer in use forbids.</summary>
public class HabitTests
{
    private static readonly (string Pattern, string Reason)[] Forbidden =
    [
        (@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b", "finish it, or write an issue"),
        ("NotImplementedException", "code that is not there is not declared"),
        (@"Thread\.Sleep|Task\.Delay", "wait for the event itself"),
        (@"Process\.Start|ProcessStartInfo", "processes are started by a launch plan"),
        (@"#pragma warning disable(?! \w+ //)", "say after the number why the warning is wrong here"),
        (@"System\.Reflection|Activator\.", "an AOT binary has no reflection to lean on"),
        (@"async\s+Task|Task\.Run|ThreadPool", "a process that clones has one thread (ARCHITECTURE.md, clone rules)"),
    ];

    public static TheoryData<string, string> Habits
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (pattern, reason) in Forbidden)
            {
                data.Add(pattern, reason);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Habits))]
    public void Production_code_is_free_of(string pattern, string reason)
    {
        var expression = new Regex(pattern);
        var found = from file in Repository.SourceFiles
                    from line in File.ReadLines(file).Index()
                    where expression.IsMatch(line.Item)
                    select $"{Repository.Relative(file)}:{line.Index + 1}: {line.Item.Trim()}";
        found.ShouldBeEmpty(reason);
    }

    [Fact]
    public void A_catch_names_what_it_expects_or_throws_on()
    {
        var catchAll = new Regex(@"catch\s*(?:\(\s*Exception\b[^)]*\)\s*)?\{(?<body>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}");
        var found = from file in Repository.SourceFiles
                    from match in catchAll.Matches(File.ReadAllText(file))
                    where !match.Groups["body"].Value.Contains("throw;", StringComparison.Ordinal)

                        // The outermost one of the process: it tells of a defect in one line and exits 125.
                        && !(Path.GetFileName(file) == "CommandLine.cs" && match.Groups["body"].Value.Contains("internal error", StringComparison.Ordinal))
                    select $"{Repository.Relative(file)}: {match.Value}";
        found.ShouldBeEmpty();
    }

    [Fact]
    public void A_refusal_is_one_line_without_a_full_stop()
    {
        var thrown = new Regex("""new SampanException\(\s*ErrorKind\.\w+,\s*\$?"((?:[^"\\]|\\.)*)"\s*[,)]""");
        foreach (var file in Repository.SourceFiles)
        {
            foreach (Match match in thrown.Matches(File.ReadAllText(file)))
            {
                var message = match.Groups[1].Value;
                var place = $"{Repository.Relative(file)}: {message}";
                message.EndsWith('.').ShouldBeFalse(place);
                message.ShouldNotContain("\\n", Case.Sensitive, place);
                // Docker's own words keep docker's capitals: scripts match on them.
                if (!message.StartsWith("No such ", StringComparison.Ordinal) && !message.StartsWith("OCI ", StringComparison.Ordinal))
                {
                    char.IsUpper(message, 0).ShouldBeFalse(place);
                }
            }
        }
    }
}
