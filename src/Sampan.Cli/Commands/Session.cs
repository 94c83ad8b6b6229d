using System.Runtime.ExceptionServices;
using Sampan.Cli.Commands.Registries;
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
    private const int MostAtOnce = 50;

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

    /// <summary>What speaks to registries; null in sampan, which leaves that to sampan-registry.</summary>
    public IRegistries? Registries { get; init; }

    /// <summary>Standard output.</summary>
    public TextOutput Out { get; } = output;

    /// <summary>Standard error.</summary>
    public TextOutput Error { get; } = error;

    /// <summary>
    /// Begins something for several names, and then ends it for one after the other: what takes long, such as a container's stop, takes all of
    /// them no longer than the slowest. As docker's client, fifty at once.
    /// </summary>
    /// <param name="names">The names as the user typed them.</param>
    /// <param name="begin">Begins it; its errors are reported when it is the name's turn.</param>
    /// <param name="finish">Ends it; its errors are reported.</param>
    /// <typeparam name="T">What was begun; null where there was nothing to begin.</typeparam>
    /// <returns>0, or 1 when any failed.</returns>
    public int ForEachAtOnce<T>(IReadOnlyList<string> names, Func<string, T?> begin, Action<string, T?> finish)
        where T : class, IDisposable
    {
        var exitCode = 0;
        for (var first = 0; first < names.Count; first += MostAtOnce)
        {
            var begun = new Dictionary<string, T?>(StringComparer.Ordinal);
            var problems = new Dictionary<string, ExceptionDispatchInfo>(StringComparer.Ordinal);
            List<string> chunk = [];
            for (var index = first; index < Math.Min(first + MostAtOnce, names.Count); index++)
            {
                chunk.Add(names[index]);
                Begin(names[index], begin, begun, problems);
            }

            exitCode |= ForEach(chunk, name =>
            {
                // A name that was given twice is begun again when the first is done.
                if (problems.Remove(name, out var problem))
                {
                    problem.Throw();
                }

                using var work = begun.Remove(name, out var pending) ? pending : begin(name);
                finish(name, work);
            });
        }

        return exitCode;
    }

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

    private static void Begin<T>(string name, Func<string, T?> begin, Dictionary<string, T?> begun, Dictionary<string, ExceptionDispatchInfo> problems)
        where T : class
    {
        if (begun.ContainsKey(name) || problems.ContainsKey(name))
        {
            return;
        }

        try
        {
            begun.Add(name, begin(name));
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            problems.Add(name, ExceptionDispatchInfo.Capture(problem));
        }
    }

    /// <summary>Prints an error the command survives, such as one of several containers that is not there.</summary>
    /// <param name="message">One line.</param>
    public void Complain(string message)
    {
        Out.Flush();
        Error.Write(Program).Write(": ").WriteLine(message).Flush();
    }

    /// <summary>Prints what the user is to know beside the answer, as docker's client does.</summary>
    /// <param name="message">One line.</param>
    public void Warn(string message)
    {
        Out.Flush();
        Error.Write("WARNING: ").WriteLine(message).Flush();
    }
}
