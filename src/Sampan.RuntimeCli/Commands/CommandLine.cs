using System.Runtime.InteropServices;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Runtime.Launching;
using Sampan.RuntimeCli.Logging;

namespace Sampan.RuntimeCli.Commands;

/// <summary>From the words of the command line to an exit code; errors go where engines look for them (--log).</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class CommandLine(TextOutput output, TextOutput error)
{
    private readonly GlobalOptions _options = new();
    private Command? _command;

    /// <summary>Runs a command line.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <returns>The exit code.</returns>
    public int Run(ReadOnlySpan<string> words)
    {
        try
        {
            return Dispatch(words);
        }
        catch (UsageException problem)
        {
            return Fail(problem.Message, 1);
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            return Fail(_command?.Failure is { } prefix ? $"{HelpText.Program} {prefix} failed: {problem.Message}" : problem.Message, _command?.FailureExitCode ?? 1);
        }
        catch (Exception problem)
        {
            // A defect of ours: one line for the caller, the rest for who asks for it.
            return Fail(_options.Debug ? $"internal error: {problem}" : $"internal error: {problem.GetType().Name}: {problem.Message}", 1);
        }
    }

    private int Dispatch(ReadOnlySpan<string> words)
    {
        var globals = new FlagParser(_options.Flags, interspersed: false, oneDash: true);
        var rest = globals.Parse(words);
        if (_options.LogFormat is not ("text" or "json"))
        {
            throw new UsageException($"invalid log-format: {_options.LogFormat}");
        }

        if (_options.Version)
        {
            HelpText.WriteVersion(output);
            return 0;
        }

        var asksForHelp = rest.Count > 0 && rest[0] is ("help" or "h");
        if (globals.HelpRequested || rest.Count == 0 || (asksForHelp && rest.Count == 1))
        {
            HelpText.Write(output, _options.Flags);
            return 0;
        }

        var name = rest[asksForHelp ? 1 : 0];
        var entry = CommandTable.Find(name) ?? throw new UsageException($"no help topic for '{name}'");
        _command = entry.Create();
        if (asksForHelp)
        {
            HelpText.Write(output, entry, _command);
            return 0;
        }

        var parser = new FlagParser(_command.Flags, _command.Interspersed, oneDash: true);
        var arguments = parser.Parse(CollectionsMarshal.AsSpan(rest)[1..]);
        if (parser.HelpRequested)
        {
            HelpText.Write(output, entry, _command);
            return 0;
        }

        if (arguments.Count < _command.Least || arguments.Count > _command.Most)
        {
            var wanted = _command.Least == _command.Most ? $"exactly {_command.Least}" : arguments.Count < _command.Least ? $"a minimum of {_command.Least}" : $"a maximum of {_command.Most}";
            throw new UsageException($"{HelpText.Program}: \"{entry.Name}\" requires {wanted} argument(s)");
        }

        if (_command.EntersContainers)
        {
            ReadOnlySelf.Enter();
        }

        var session = new Session(_options, output, error);
        session.Trace?.Invoke($"{HelpText.Program} {HelpText.Version}, process {Environment.ProcessId}: {entry.Name} {string.Join(' ', arguments)}");
        return _command.Run(session, arguments);
    }

    private int Fail(string message, int exitCode)
    {
        output.Flush();
        new LogFile(_options.Log, _options.LogAsJson, error).Error(message);
        return exitCode;
    }
}
