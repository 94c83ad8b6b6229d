using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan start.</summary>
internal sealed class StartCommand : Command
{
    private readonly Switch _attach;
    private readonly Switch _interactive;
    private readonly AttachFlags _attachFlags;

    /// <summary>Declares the flags.</summary>
    public StartCommand()
    {
        _attach = Flags.Switch("attach", 'a', "Attach STDOUT/STDERR and forward signals");
        _interactive = Flags.Switch("interactive", 'i', "Attach container's STDIN");
        _attachFlags = new(Flags, signalProxyHelp: null);
        Flags.Unsupported("checkpoint", "checkpoint-dir");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!_attach.Value && !_interactive.Value)
        {
            return session.ForEach(arguments, name =>
            {
                var container = session.Engine.Containers.Find(name);

                var state = container.State;
                if (state.Paused)
                {
                    throw SampanException.Conflict("cannot start a paused container, try unpause instead");
                }

                // As with docker, one that runs already is as it should be.
                if (!state.Running)
                {
                    session.Engine.Start(container, new()).Dispose();
                }

                session.Out.WriteLine(name);
            });
        }

        return arguments.Count == 1
            ? Attach(session, session.Engine.Containers.Find(arguments[0]))
            : throw SampanException.InvalidArgument("you cannot start and attach multiple containers at once");
    }

    private int Attach(Session session, Container container)
    {
        var tty = container.Config.Tty;
        var stdin = _interactive.Value && container.Config.OpenStdin;
        if (!Attachment.CheckTerminal(session, stdin, tty))
        {
            return 1;
        }

        var size = Attachment.Size(tty);
        using var connection = session.Engine.Start(container, new()
        {
            AttachStdin = stdin,
            AttachStdout = true,
            AttachStderr = true,
            Rows = size.Rows,
            Columns = size.Columns,
        });
        return Attachment.Run(session, container, connection, new()
        {
            Stdin = stdin,
            Tty = tty,
            DetachKeys = _attachFlags.Keys,
            ForwardSignal = Attachment.Forwarder(session, container, tty, _attach.Value),
        });
    }
}
