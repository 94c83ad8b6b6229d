using Sampan.Cli.Output;

namespace Sampan.Cli.Commands;

/// <summary>What a running command has at hand.</summary>
/// <param name="path">The command as it was called: "ps", "container ls".</param>
/// <param name="options">The flags before the command.</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class Session(string path, GlobalOptions options, TextOutput output, TextOutput error)
{
    /// <summary>The program's name in messages.</summary>
    public const string Program = "sampan";

    /// <summary>The command as it was called.</summary>
    public string Path { get; } = path;

    /// <summary>The flags before the command.</summary>
    public GlobalOptions Options { get; } = options;

    /// <summary>Standard output.</summary>
    public TextOutput Out { get; } = output;

    /// <summary>Standard error.</summary>
    public TextOutput Error { get; } = error;

    /// <summary>Prints an error the command survives, such as one of several containers that is not there.</summary>
    /// <param name="message">One line.</param>
    public void Complain(string message) => Error.Write(Program).Write(": ").WriteLine(message);
}
