namespace Sampan.EndToEnd.Harness;

/// <summary>What a finished command left: its exit code and both streams.</summary>
/// <param name="CommandLine">The arguments, for messages.</param>
/// <param name="ExitCode">The exit code; 128 + signal when a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Standard output without the newline at its end.</summary>
    public string Text => Output.TrimEnd('\n', '\r');

    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Text.Length == 0 ? [] : Text.Split('\n');

    /// <summary>Asserts exit code 0 and returns standard output without its last newline.</summary>
    public string ShouldSucceed()
    {
        ExitCode.ShouldBe(0, ToString());
        return Text;
    }

    /// <summary>Asserts a failure that is told in one line on standard error, and returns that line.</summary>
    /// <param name="exitCode">The expected exit code.</param>
    /// <param name="words">Words the line must contain, whatever their case.</param>
    public string ShouldFail(int exitCode, params string[] words)
    {
        ExitCode.ShouldBe(exitCode, ToString());
        var line = Error.TrimEnd('\n');
        foreach (var word in words)
        {
            line.ShouldContain(word, Case.Insensitive, ToString());
        }

        return line;
    }

    /// <summary>As <see cref="ShouldFail"/>, and the message is one line.</summary>
    public string ShouldFailInOneLine(int exitCode, params string[] words)
    {
        var line = ShouldFail(exitCode, words);
        line.ShouldNotBeEmpty(ToString());
        line.Split('\n').Length.ShouldBe(1, ToString());
        return line;
    }

    /// <inheritdoc/>
    public override string ToString() => $"sampan {CommandLine}\nexit code {ExitCode}\nstdout: {Shorten(Output)}\nstderr: {Shorten(Error)}";

    private static string Shorten(string text) => text.Length <= 2000 ? text : string.Concat(text.AsSpan(0, 2000), "…");
}
