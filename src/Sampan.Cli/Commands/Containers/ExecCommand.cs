using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan exec.</summary>
internal sealed class ExecCommand : Command
{
    private readonly AttachFlags _attach;
    private readonly Switch _detach;
    private readonly ListFlag _env;
    private readonly ListFlag _envFile;
    private readonly Switch _interactive;
    private readonly Switch _privileged;
    private readonly Switch _tty;
    private readonly ValueFlag<string> _user;
    private readonly ValueFlag<string> _workdir;

    /// <summary>Declares the flags.</summary>
    public ExecCommand()
    {
        _attach = new(Flags, signalProxyHelp: null);
        _detach = Flags.Switch("detach", 'd', "Detached mode: run command in the background");
        _env = Flags.List("env", 'e', "Set environment variables", check: EnvironmentArgument.Resolve);
        _envFile = Flags.List("env-file", '\0', "Read in a file of environment variables");
        _interactive = Flags.Switch("interactive", 'i', "Keep STDIN open even if not attached");
        _privileged = Flags.Switch("privileged", '\0', "Give extended privileges to the command");
        _tty = Flags.Switch("tty", 't', "Allocate a pseudo-TTY");
        _user = Flags.Text("user", 'u', "Username or UID (format: \"<name|uid>[:<group|gid>]\")");
        _workdir = Flags.Text("workdir", 'w', "Working directory inside the container");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER COMMAND [ARG...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override bool Interspersed => false;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        var stdin = _interactive.Value && !_detach.Value;
        if (!Attachment.CheckTerminal(session, stdin, _tty.Value))
        {
            return 1;
        }

        var command = new string[arguments.Count - 1];
        for (var i = 0; i < command.Length; i++)
        {
            command[i] = arguments[i + 1];
        }

        var size = Attachment.Size(_tty.Value && !_detach.Value);
        using var connection = Start(session, container, new()
        {
            Cmd = command,
            Detach = _detach.Value,
            Stdin = stdin,
            Tty = _tty.Value,
            Rows = size.Rows,
            Columns = size.Columns,
            Env = KeyValueFile.Environment(_envFile.Values, _env.Values),
            WorkingDir = _workdir.Value,
            User = _user.Value,
            Privileged = _privileged.Value,
        });
        return _detach.Value
            ? 0
            : Attachment.Run(session, container, connection, new() { Stdin = stdin, Tty = _tty.Value, DetachKeys = _attach.Keys }, isExec: true);
    }

    /// <summary>A process that cannot be set up (no such user, no such directory) cannot be invoked: 126, as with docker.</summary>
    private static MonitorConnection Start(Session session, Container container, ExecRequest request)
    {
        try
        {
            return session.Engine.Exec(container, request);
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.InvalidArgument or ErrorKind.Forbidden or ErrorKind.Unavailable)
        {
            throw new SampanException(ErrorKind.CommandNotExecutable, problem.Message, problem);
        }
    }
}
