namespace Sampan.Conformance.Harness;

/// <summary>What a finished command left.</summary>
/// <param name="CommandLine">The program and its arguments, for messages.</param>
/// <param name="ExitCode">The exit code; 128 + signal when a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Standard output without the newline at its end.</summary>
    public string Text => Output.TrimEnd('\n', '\r');

    /// <summary>Asserts exit code 0 and returns standard output without its last newline.</summary>
    public string ShouldSucceed()
    {
        ExitCode.ShouldBe(0, ToString());
        return Text;
    }

    // 128 and the number of SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: the runtime itself crashed.
    private static readonly int[] Crashes = [132, 134, 135, 136, 139];

    /// <summary>Asserts an error: not exit code 0, something said about it, and no crash of the runtime.</summary>
    public CommandResult ShouldFail()
    {
        ExitCode.ShouldNotBe(0, ToString());
        Crashes.ShouldNotContain(ExitCode, ToString());
        Error.ShouldNotBeEmpty(ToString());
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CommandLine}\nexit code {ExitCode}\nstdout: {Shorten(Output)}\nstderr: {Shorten(Error)}";

    private static string Shorten(string text) => text.Length <= 2000 ? text : string.Concat(text.AsSpan(0, 2000), "…");
}
