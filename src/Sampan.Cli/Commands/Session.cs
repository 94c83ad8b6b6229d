using Sampan.Engine;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands;

/// <summary>What a running command has at hand.</summary>
/// <param name="path">The command as it was called: "ps", "container ls".</param>
/// <param name="options">The flags before the command.</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class Session(string path, GlobalOptions options, TextOutput output, TextOutput error)
{
    private ContainerEngine? _engine;
    private ImageStore? _images;

    /// <summary>The program's name in messages.</summary>
    public const string Program = "sampan";

    /// <summary>The command as it was called.</summary>
    public string Path { get; } = path;

    /// <summary>The flags before the command.</summary>
    public GlobalOptions Options { get; } = options;

    /// <summary>The engine over the directories the flags name.</summary>
    public ContainerEngine Engine => _engine ??= new(new(Options.Root, Options.State)) { Notice = Complain };

    /// <summary>The images below the same directory.</summary>
    public ImageStore Images => _images ??= new(Options.Root);

    /// <summary>Standard output.</summary>
    public TextOutput Out { get; } = output;

    /// <summary>Standard error.</summary>
    public TextOutput Error { get; } = error;

    /// <summary>
    /// Does something for each of several names. One that fails is reported and does not stop the others, as docker's commands behave.
    /// </summary>
    /// <param name="names">The names as the user typed them.</param>
    /// <param name="act">What to do; its errors are reported.</param>
    /// <returns>0, or 1 when any failed.</returns>
    public int ForEach(IReadOnlyList<string> names, Action<string> act)
    {
        var exitCode = 0;
        foreach (var name in names)
        {
            try
            {
                act(name);
            }
            catch (SampanException problem)
            {
                Complain(problem.Message);
                exitCode = 1;
            }
            catch (LinuxException problem) when (problem is not { Errno: Errno.EPIPE, Operation: "write" })
            {
                Complain(problem.Message);
                exitCode = 1;
            }
        }

        return exitCode;
    }

    /// <summary>Prints an error the command survives, such as one of several containers that is not there.</summary>
    /// <param name="message">One line.</param>
    public void Complain(string message)
    {
        Out.Flush();
        Error.Write(Program).Write(": ").WriteLine(message).Flush();
    }
}
