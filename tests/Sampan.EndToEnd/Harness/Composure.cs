namespace Sampan.EndToEnd.Harness;

/// <summary>What a command owes its user however it is harassed: an end, a sane exit code, and one clear line.</summary>
public static class Composure
{
    /// <summary>Asserts that a command did what it was asked for, or failed in one line without a defect showing.</summary>
    /// <param name="result">What it left.</param>
    /// <param name="failure">Exit code of a failure.</param>
    /// <returns>Whether it succeeded.</returns>
    public static bool ShouldBeComposed(this CommandResult result, int failure = 1)
    {
        result.ExitCode.ShouldBeOneOf([0, failure], result.ToString());
        result.Error.ShouldNotContain("internal error", Case.Insensitive, result.ToString());
        result.Error.ShouldNotContain("   at ", Case.Sensitive, result.ToString());
        if (result.ExitCode != 0)
        {
            result.Error.TrimEnd('\n').Split('\n').Length.ShouldBe(1, result.ToString());
            result.Error.ShouldStartWith("sampan: ", Case.Sensitive, result.ToString());
        }

        return result.ExitCode == 0;
    }

    /// <summary>Runs a command with its output in a file, so that archives come back as they are.</summary>
    public static CommandResult SampanInto(this Host host, string file, params string[] arguments)
    {
        using var command = new RunningCommand("/bin/bash", ["-c", "exec \"${@:2}\" > \"$1\"", "bash", file, Host.Binary, .. host.Arguments(arguments)]);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Runs a command with a file as its input.</summary>
    public static CommandResult SampanFrom(this Host host, string file, params string[] arguments)
    {
        using var command = new RunningCommand("/bin/bash", ["-c", "exec \"${@:2}\" < \"$1\"", "bash", file, Host.Binary, .. host.Arguments(arguments)]);
        command.CloseInput();
        return command.Wait();
    }
}
