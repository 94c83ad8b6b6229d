using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan run: create, start, attach.</summary>
internal sealed class RunCommand : Command
{
    private readonly CreateFlags _create;
    private readonly AttachFlags _attach;
    private readonly Switch _detach;
    private readonly Switch _explain;
    private readonly Switch _trace;

    /// <summary>Declares the flags.</summary>
    public RunCommand()
    {
        _create = new(Flags);
        _attach = new(Flags, "Proxy received signals to the process");
        _detach = Flags.Switch("detach", 'd', "Run container in background and print container ID");
        _explain = Flags.Switch("explain", '\0', "Print every kernel operation of this start in order, without running it");
        _trace = Flags.Switch("trace", '\0', "Run, and print every kernel operation of the start with its microseconds");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] IMAGE [COMMAND] [ARG...]";

    /// <inheritdoc/>
    public override Arity Arity => _create.Arity;

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override bool Interspersed => false;

    /// <inheritdoc/>
    public override int FailureExitCode => UsageException.BadFlag;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_detach.Value && _create.AttachChosen)
        {
            throw SampanException.InvalidArgument("conflicting options: cannot specify both --attach and --detach");
        }

        var request = _create.ToRequest(arguments, _detach.Value, startFollows: !_explain.Value);
        if (_explain.Value)
        {
            session.Out.Write(session.Engine.Explain(request));
            return 0;
        }

        var config = request.Config;
        if (!Attachment.CheckTerminal(session, config.AttachStdin, config.Tty))
        {
            return 1;
        }

        return _create.Create(session, request) is { } container ? Start(session, container, config) : FailureExitCode;
    }

    private int Start(Session session, Container container, ContainerConfig config)
    {
        var size = Attachment.Size(config.Tty);
        using var connection = session.Engine.Start(container, new()
        {
            AttachStdin = config.AttachStdin,
            AttachStdout = config.AttachStdout,
            AttachStderr = config.AttachStderr,
            Rows = size.Rows,
            Columns = size.Columns,
            Trace = _trace.Value,
        });
        if (_detach.Value)
        {
            session.Out.WriteLine(container.Id);
            return 0;
        }

        return Attachment.Run(session, container, connection, new()
        {
            Stdin = config.AttachStdin,
            Tty = config.Tty,
            DetachKeys = _attach.Keys,
            ForwardSignal = Attachment.Forwarder(session, container, config.Tty, _attach.ForwardSignals),
            PrintTrace = _trace.Value ? text => session.Error.Write(text).Flush() : null,
        });
    }
}
