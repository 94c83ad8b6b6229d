using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan attach.</summary>
internal sealed class AttachCommand : Command
{
    private readonly AttachFlags _attach;
    private readonly Switch _noStdin;

    /// <summary>Declares the flags.</summary>
    public AttachCommand()
    {
        _attach = new(Flags, "Proxy all received signals to the process");
        _noStdin = Flags.Switch("no-stdin", '\0', "Do not attach STDIN");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        var state = container.State;
        if (!state.Running)
        {
            throw SampanException.Conflict("you cannot attach to a stopped container, start it first");
        }

        if (state.Paused)
        {
            throw SampanException.Conflict("you cannot attach to a paused container, unpause it first");
        }

        if (state.Restarting)
        {
            throw SampanException.Conflict("you cannot attach to a restarting container, wait until it is running");
        }

        var tty = container.Config.Tty;
        var stdin = !_noStdin.Value && container.Config.OpenStdin;
        if (!Attachment.CheckTerminal(session, stdin, tty))
        {
            return 1;
        }

        using var connection = session.Engine.Attach(container, new() { Stdin = stdin });
        return Attachment.Run(session, container, connection, new()
        {
            Stdin = stdin,
            Tty = tty,
            DetachKeys = _attach.Keys,
            ForwardSignal = Attachment.Forwarder(session, container, tty, _attach.ForwardSignals),
        });
    }
}
