using System.Text;

namespace Sampan.Compat.Cli.Page;

/// <summary>docs/compatibility.md, written from the help of docker's client and of Sampan, and from the tables of cases.</summary>
/// <param name="docker">docker's client.</param>
/// <param name="sampan">Sampan.</param>
/// <param name="runSampan">Runs Sampan with one word.</param>
public sealed class CompatibilityPage(HelpText docker, HelpText sampan, Func<string, CommandResult> runSampan)
{
    private static readonly string[] Groups = ["container", "image", "volume", "system", "network", "manifest", "builder", "buildx"];

    /// <summary>The page.</summary>
    public static string File { get; } = Path.Combine(RuntimeUnderTest.Repository, "docs/compatibility.md");

    /// <summary>Writes the page's text.</summary>
    /// <param name="scenarios">All of them.</param>
    /// <returns>Markdown.</returns>
    public string Write(IReadOnlyList<Scenario> scenarios)
    {
        var page = new StringBuilder();
        var cases = scenarios.Sum(static scenario => scenario.Cases.Count);
        var differing = scenarios.SelectMany(static scenario => scenario.Cases).Count(static item => item.Differing is not null);
        page.Append("# Sampan beside docker\n\n");
        page.Append("This page is generated (`SAMPAN_RECORD=page`, tests/Sampan.Compat/Cli) and a test keeps it true. ");
        page.Append($"{cases} command lines are run on docker (client 28, dockerd 20.10) and on Sampan and compared, word for word but for ids, times and the ");
        page.Append($"program's name: {cases - differing} come to the same, {differing} differ for the reasons below.\n\n## Commands\n\n");
        page.Append("Compared by their help: every flag of docker's is there, or named here.\n\n| docker | Sampan |\n|---|---|\n");
        foreach (var command in docker.Commands())
        {
            page.Append($"| `{command}` | {Standing(command)} |\n");
        }

        foreach (var group in Groups)
        {
            foreach (var command in docker.Commands(group).Order(StringComparer.Ordinal))
            {
                page.Append($"| `{group} {command}` | {Standing(group, command)} |\n");
            }
        }

        page.Append("\n## Differences\n\n| command | why |\n|---|---|\n");
        foreach (var item in scenarios.SelectMany(static scenario => scenario.Cases).Where(static item => item.Reason is not null))
        {
            page.Append($"| `{item.Line.Replace("|", "\\|")}` | {item.Reason} |\n");
        }

        return page.ToString();
    }

    private string Standing(params string[] command)
    {
        if (command is [var name] && docker.Commands(name) is { Count: > 0 })
        {
            return sampan.Commands(name).Count > 0 ? "a group, see below" : Absence(name);
        }

        if (sampan.Flags(command) is not { } flags)
        {
            return Absence(command[0]);
        }

        var missing = (docker.Flags(command) ?? []).Except(flags).Except(["--help"]).Order(StringComparer.Ordinal).ToList();
        var more = flags.Except(docker.Flags(command) ?? []).Except(["--help"]).Order(StringComparer.Ordinal).ToList();
        var text = missing.Count == 0 ? "works" : "lacks " + string.Join(' ', missing.Select(static flag => $"`{flag}`"));
        return more.Count == 0 ? text : text + "; besides " + string.Join(' ', more.Select(static flag => $"`{flag}`"));
    }

    private string Absence(string name)
    {
        var error = runSampan(name).Error.TrimEnd('\n');
        var refusal = $"sampan: no command {name}: ";
        return error.StartsWith(refusal, StringComparison.Ordinal) ? "refused: " + error[refusal.Length..] : "not there yet";
    }
}
