namespace Sampan.Conformance.Harness;

/// <summary>The runtime under test, with a state folder of its own.</summary>
/// <param name="root">The argument of --root.</param>
public sealed class OciRuntime(string root)
{
    /// <summary>The executable: SAMPAN_CONFORMANCE_RUNTIME, or the one eng/build makes.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("SAMPAN_CONFORMANCE_RUNTIME") is { Length: > 0 } path ? path : Path.Combine(Repository.Folder, ".build/bin/sampan-runtime");

    /// <summary>What it calls itself: "runc 1.1.5"; of ours the name alone, which says the same of every version.</summary>
    public static string Name { get; } = FindName();

    /// <summary>The argument of --root.</summary>
    public string Root { get; } = root;

    /// <summary>Calls an operation to its end with an empty standard input.</summary>
    public CommandResult Call(params string[] arguments) => CallIn(null, arguments);

    /// <summary>Calls an operation in a folder.</summary>
    public CommandResult CallIn(string? folder, params string[] arguments)
    {
        using var command = new RunningCommand(Program, ["--root", Root, .. arguments], folder);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Starts an operation and returns while it runs.</summary>
    public RunningCommand Begin(params string[] arguments) => new(Program, ["--root", Root, .. arguments]);

    private static string FindName()
    {
        using var command = new RunningCommand(Program, ["--version"]);
        var words = command.Wait().ShouldSucceed().Split('\n')[0].Split(' ');
        return words[0] == "sampan-runtime" ? words[0] : $"{words[0]} {words[^1].Split('+')[0]}";
    }
}
