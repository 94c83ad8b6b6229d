namespace Sampan.Compat.Cli;

/// <summary>What a command line came to, with everything that is different each time masked (<see cref="Mask"/>).</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Lines of standard output.</param>
/// <param name="Error">Lines of standard error.</param>
public sealed record Outcome(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    /// <summary>The outcome of a finished command.</summary>
    /// <param name="result">The command.</param>
    /// <param name="folder">Where it ran.</param>
    /// <param name="registries">The registries beside it.</param>
    /// <returns>Masked.</returns>
    public static Outcome Of(CommandResult result, string folder, CaseRegistries registries)
    {
        return new(result.ExitCode, Mask.Output(Own(result.Output)), Mask.Error(Own(result.Error)));

        string Own(string text) => registries.Mask(text.Replace(folder, "<folder>"));
    }

    /// <summary>As it stands in a table: lines of output after "&gt; ", of errors after "! ", the exit code after ": " unless it is 0.</summary>
    /// <returns>The lines.</returns>
    public IEnumerable<string> Lines()
    {
        foreach (var line in Output)
        {
            yield return ("> " + line).TrimEnd();
        }

        foreach (var line in Error)
        {
            yield return ("! " + line).TrimEnd();
        }

        if (ExitCode != 0)
        {
            yield return $": {ExitCode}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines());
}
