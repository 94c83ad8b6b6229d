using Sampan.Cli.Values;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan kill.</summary>
internal sealed class KillCommand : Command
{
    private readonly ValueFlag<string> _signal;

    /// <summary>Declares the flags.</summary>
    public KillCommand() => _signal = Flags.Text("signal", 's', "Signal to send to the container");

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var signal = SignalName.Parse(_signal.Value.Length == 0 ? "KILL" : _signal.Value);
        return session.ForEachAtOnce(
            arguments,
            name => session.Engine.BeginSignal(session.Engine.Containers.Find(name), signal),
            (name, sent) =>
            {
                sent!.Wait();
                session.Out.WriteLine(name).Flush();
            });
    }
}
