using System.Text.RegularExpressions;

namespace Sampan.Compat.Cli.Page;

/// <summary>What a program with docker's kind of help has.</summary>
/// <param name="program">Runs it with words.</param>
public sealed partial class HelpText(Func<string[], CommandResult> program)
{
    /// <summary>The commands of a group, or of the program.</summary>
    /// <param name="group">The group's name; none for the program.</param>
    /// <returns>Names.</returns>
    public IReadOnlyList<string> Commands(params string[] group)
    {
        var names = new List<string>();
        var listing = false;
        foreach (var line in program([.. group, "--help"]).Output.Split('\n'))
        {
            if (line.EndsWith("Commands:", StringComparison.Ordinal))
            {
                listing = true;
            }
            else if (line.Length > 0 && line[0] != ' ')
            {
                listing = false;
            }
            else if (listing && Entry().Match(line) is { Success: true } match)
            {
                names.Add(match.Groups[1].Value);
            }
        }

        return names;
    }

    /// <summary>The flags of a command.</summary>
    /// <param name="command">Its words.</param>
    /// <returns>Long names with their dashes; null when there is no such command.</returns>
    public IReadOnlyList<string>? Flags(params string[] command)
    {
        var result = program([.. command, "--help"]);
        return result.ExitCode == 0 && Usage().IsMatch(result.Output)
            ? [.. Flag().Matches(result.Output).Select(static match => match.Groups[1].Value)]
            : null;
    }

    [GeneratedRegex(@"^ {2,4}([a-z]+)\*? ")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^Usage: ", RegexOptions.Multiline)]
    private static partial Regex Usage();

    [GeneratedRegex(@"^ +(?:-\w, )?(--[a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex Flag();
}
