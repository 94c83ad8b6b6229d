namespace Sampan.Compat.Cli;

/// <summary>
/// A table of cases. "== " begins a scenario, "$ " a case; "&gt; ", "! " and ": " are its output, its errors and its exit code; "~ " says why
/// Sampan differs, and what follows is Sampan's. "# " is a comment on the next case.
/// </summary>
public static class CaseFile
{
    private const string Extension = ".cases";

    /// <summary>The folder of all tables.</summary>
    public static string Folder { get; } = Path.Combine(RuntimeUnderTest.Repository, "tests/Sampan.Compat/Cli/Cases");

    /// <summary>Reads all tables.</summary>
    /// <returns>Their scenarios.</returns>
    public static IReadOnlyList<Scenario> ReadAll() =>
        [.. Directory.EnumerateFiles(Folder, "*" + Extension).Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>Writes tables anew.</summary>
    /// <param name="scenarios">All scenarios of each of them.</param>
    public static void Write(IEnumerable<Scenario> scenarios)
    {
        foreach (var file in scenarios.GroupBy(static scenario => scenario.File))
        {
            File.WriteAllText(Path.Combine(Folder, file.Key + Extension), string.Join('\n', file.SelectMany(Format)) + "\n");
        }
    }

    private static IEnumerable<Scenario> Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        string? title = null;
        var cases = new List<Case>();
        var notes = new List<string>();
        var lines = new Queue<string>(File.ReadLines(path));
        while (lines.TryDequeue(out var line))
        {
            switch (line.Length > 1 ? line[..2] : line)
            {
                case "==":
                    if (title is not null)
                    {
                        yield return new(name, title, cases);
                    }

                    title = line[2..].Trim();
                    cases = [];
                    break;
                case "# ":
                    notes.Add(line[2..]);
                    break;
                case "$ ":
                    cases.Add(ReadCase(line[2..], notes, lines));
                    notes = [];
                    break;
                case "":
                    break;
                default:
                    throw new FormatException($"{path}: what is \"{line}\"?");
            }
        }

        if (title is not null)
        {
            yield return new(name, title, cases);
        }
    }

    private static Case ReadCase(string line, IReadOnlyList<string> notes, Queue<string> lines)
    {
        var expected = ReadOutcome(lines);
        if (!lines.TryPeek(out var next) || !next.StartsWith("~ ", StringComparison.Ordinal))
        {
            return new(line, notes) { Expected = expected };
        }

        lines.Dequeue();
        return new(line, notes) { Expected = expected, Reason = next[2..], Differing = ReadOutcome(lines) };
    }

    private static Outcome ReadOutcome(Queue<string> lines)
    {
        List<string> output = [], error = [];
        var exitCode = 0;
        while (lines.TryPeek(out var line) && line is ['>' or '!' or ':', ..])
        {
            lines.Dequeue();
            var rest = line.Length > 2 ? line[2..] : "";
            switch (line[0])
            {
                case '>':
                    output.Add(rest);
                    break;
                case '!':
                    error.Add(rest);
                    break;
                default:
                    exitCode = int.Parse(rest, System.Globalization.CultureInfo.InvariantCulture);
                    break;
            }
        }

        return new(exitCode, output, error);
    }

    private static IEnumerable<string> Format(Scenario scenario, int index)
    {
        if (index > 0)
        {
            yield return "";
        }

        yield return "== " + scenario.Title;
        foreach (var item in scenario.Cases)
        {
            foreach (var line in item.Notes.Select(static note => "# " + note).Append("$ " + item.Line).Concat(item.Expected.Lines()))
            {
                yield return line;
            }

            if (item is { Reason: { } reason, Differing: { } differing })
            {
                yield return "~ " + reason;
                foreach (var line in differing.Lines())
                {
                    yield return line;
                }
            }
        }
    }
}
