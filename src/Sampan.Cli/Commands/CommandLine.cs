using Sampan.Cli.Commands.Registries;
using Sampan.Cli.Help;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands;

/// <summary>From the words of the command line to an exit code: finds the command, reads its flags, runs it, words its errors.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class CommandLine(TextOutput output, TextOutput error)
{
    private readonly GlobalOptions _options = new();
    private string _path = "";
    private Command? _command;

    /// <summary>What speaks to registries, where it is linked.</summary>
    public IRegistries? Registries { get; init; }

    /// <summary>Runs a command line.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public int Run(ReadOnlySpan<string> words)
    {
        try
        {
            var exitCode = Dispatch(words);

            // Output that cannot be written is a failure, not a matter of the end.
            output.Flush();
            return exitCode;
        }
        catch (UsageException problem)
        {
            return ReportUsage(problem);
        }
        catch (SampanException problem)
        {
            return ReportFailure(problem.Message, ExitCodeFor(problem.Kind));
        }
        catch (LinuxException problem) when (problem is { Errno: Errno.EPIPE, Operation: "write" })
        {
            // The reader of our output has gone: what SIGPIPE would have done (signal(7)).
            return 128 + 13;
        }
        catch (LinuxException problem)
        {
            return ReportFailure(problem.Message, ExitCodeFor(ErrorKind.Internal));
        }
        catch (Exception problem)
        {
            // A defect of ours: one line for the user, the rest for who asks for it.
            return ReportFailure(
                _options.Debug ? $"internal error: {problem}" : $"internal error: {problem.GetType().Name}: {problem.Message}", UsageException.BadFlag);
        }
    }

    private int Dispatch(ReadOnlySpan<string> words)
    {
        var globals = new FlagParser(_options.Flags, interspersed: false);
        var rest = globals.Parse(words);
        if (_options.Version)
        {
            output.WriteLine($"Sampan version {ProductVersion.Text}");
            return 0;
        }

        if (globals.HelpRequested || rest.Count == 0)
        {
            new HelpPage(output).WriteRoot(_options.Flags);
            return 0;
        }

        if (rest[0] == "help")
        {
            return Explain(rest);
        }

        if (CommandTable.Find(rest, out _path) is { } entry)
        {
            return Execute(entry, rest);
        }

        if (CommandTable.FindGroup(rest[0]) is { } group)
        {
            return DispatchGroup(group, rest);
        }

        throw Refusals.Of(rest[0]) is { } why ? SampanException.Unavailable($"no command {rest[0]}: {why}") : Unknown(rest[0]);
    }

    private int Execute(CommandEntry entry, List<string> rest)
    {
        _command = entry.Create();
        var parser = new FlagParser(_command.Flags, _command.Interspersed);
        var consumed = _path.Contains(' ', StringComparison.Ordinal) ? 2 : 1;
        var arguments = parser.Parse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rest)[consumed..]);
        if (parser.HelpRequested)
        {
            new HelpPage(output).WriteCommand(entry, _path, _command);
            return 0;
        }

        return _command.Arity.Complaint(arguments.Count) is { } complaint
            ? throw new UsageException($"{Session.Program}: '{Session.Program} {_path}' {complaint}", UsageException.BadArguments)
            : _command.Run(new(_path, _options, output, error) { Registries = Registries }, arguments);
    }

    private int DispatchGroup(CommandGroup group, List<string> rest)
    {
        _path = group.Name;
        if (rest.Count > 1 && rest[1] is not ("--help" or "-h"))
        {
            throw rest[1].StartsWith('-') ? new UsageException($"unknown flag: {rest[1]}") : Unknown($"{group.Name} {rest[1]}");
        }

        new HelpPage(output).WriteGroup(group);
        return 0;
    }

    private int Explain(List<string> words)
    {
        words.RemoveAt(0);
        if (words.Count == 0)
        {
            new HelpPage(output).WriteRoot(_options.Flags);
            return 0;
        }

        if (CommandTable.Find(words, out var path) is { } entry)
        {
            new HelpPage(output).WriteCommand(entry, path, entry.Create());
            return 0;
        }

        if (CommandTable.FindGroup(words[0]) is { } group)
        {
            new HelpPage(output).WriteGroup(group);
            return 0;
        }

        error.WriteLine($"unknown help topic: {string.Join(' ', words)}");
        return UsageException.BadArguments;
    }

    private static UsageException Unknown(string path) =>
        new($"{Session.Program}: unknown command: {Session.Program} {path}", UsageException.BadArguments);

    private int ReportUsage(UsageException problem)
    {
        output.FlushOrDrop();
        error.WriteLine(problem.Message).WriteLine();
        var program = _path.Length == 0 ? Session.Program : $"{Session.Program} {_path}";
        if (_command is not null)
        {
            error.WriteLine($"Usage:  {program} {_command.Usage}".TrimEnd()).WriteLine();
        }
        else if (_path.Length > 0)
        {
            error.WriteLine($"Usage:  {program} COMMAND").WriteLine();
        }

        error.WriteLine($"Run '{program} --help' for more information");
        return problem.ExitCode;
    }

    private int ReportFailure(string message, int exitCode)
    {
        output.FlushOrDrop();
        error.WriteLine($"{Session.Program}: {message}");
        return exitCode;
    }

    private int ExitCodeFor(ErrorKind kind) => kind switch
    {
        ErrorKind.CommandNotFound => 127,
        ErrorKind.CommandNotExecutable => 126,
        _ => _command?.FailureExitCode ?? UsageException.BadFlag,
    };
}
