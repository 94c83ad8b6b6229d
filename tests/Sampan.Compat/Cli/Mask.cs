using System.Text.RegularExpressions;

namespace Sampan.Compat.Cli;

/// <summary>
/// Takes from an engine's words what is different each time (ids, times, the width of columns that hold them) and what only tells which
/// program speaks: its name, and that a daemon, a shim and a runtime passed the message on.
/// </summary>
public static partial class Mask
{
    /// <summary>Masks standard output.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its lines.</returns>
    public static IReadOnlyList<string> Output(string text) => Lines(text, Words);

    /// <summary>Masks standard error.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its lines; those that only point to the help, and what the client logs of its own streams, are left out.</returns>
    public static IReadOnlyList<string> Error(string text) =>
        [.. Lines(text, line => Begin(Tail().Replace(Speaker().Replace(Words(line), ""), ""))).Where(static line => line.Length > 0 && !IsBeside(line))];

    // Newer dockerd begins its messages in lower case, as Sampan does.
    private static string Begin(string line) =>
        line is [>= 'A' and <= 'Z', >= 'a' and <= 'z', ..] && !line.StartsWith("Usage:", StringComparison.Ordinal) ? char.ToLowerInvariant(line[0]) + line[1..] : line;

    private static bool IsBeside(string line) =>
        (line.Contains("'<program> ", StringComparison.Ordinal) && line.EndsWith(" for more information", StringComparison.Ordinal))
        || line.StartsWith("time=\"<time>\" ", StringComparison.Ordinal)
        || line.StartsWith("error: failed to ", StringComparison.Ordinal);

    private static List<string> Lines(string text, Func<string, string> mask)
    {
        var lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n').Select(line => mask(line).TrimEnd()).ToList();
        while (lines is [.., ""])
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static string Words(string line)
    {
        line = Time().Replace(line, "<time>");
        line = LocalTime().Replace(line, "<time>");
        line = LongId().Replace(line, "<id>");
        line = ShortId().Replace(line, "<short id>");
        line = Logins().Replace(line, "unencrypted in '<file>'");
        line = Ago().Replace(line, "<duration>");
        line = VirtualSize().Replace(line, "(virtual <size>)");
        line = HelpPointer().Replace(line, "'<program> ");
        line = Usage().Replace(line, "$1<program>");
        return Columns().Replace(line, "  ");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+")]
    private static partial Regex LocalTime();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex LongId();

    // One of 280 is all digits.
    [GeneratedRegex(@"\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b")]
    private static partial Regex ShortId();

    [GeneratedRegex("unencrypted in '[^']*'")]
    private static partial Regex Logins();

    [GeneratedRegex(@"Less than a second|\d+ seconds?|About a minute|\d+ minutes?|About an hour|\d+ (hours|days|weeks|months|years)")]
    private static partial Regex Ago();

    [GeneratedRegex(@"\(virtual [^)]*\)")]
    private static partial Regex VirtualSize();

    [GeneratedRegex(@"^((docker|sampan): )?(Error response from daemon: )?(failed to create (shim )?task: |failed to create task for container: )?(failed to create shim task: )?(OCI runtime (create|exec) failed: )?(runc (create|run) failed: )?(unable to start container process: )?(Error: (?=No such|Cannot perform))?")]
    private static partial Regex Speaker();

    // containerd's name for an error that has none of its own; the kernel's, which Sampan adds.
    [GeneratedRegex(@": unknown$| \(E[A-Z]+\)$")]
    private static partial Regex Tail();

    [GeneratedRegex(@"'(docker|sampan) ")]
    private static partial Regex HelpPointer();

    [GeneratedRegex(@"(^Usage:  |^\t|unknown command: )(docker|sampan)\b")]
    private static partial Regex Usage();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Columns();
}
