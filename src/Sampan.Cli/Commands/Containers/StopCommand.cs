namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan stop.</summary>
internal sealed class StopCommand : Command
{
    private readonly StopFlags _stop;

    /// <summary>Declares the flags.</summary>
    public StopCommand() => _stop = new(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var signal = _stop.Signal;
        return session.ForEachAtOnce(
            arguments,
            name => session.Engine.BeginStop(session.Engine.Containers.Find(name), signal, _stop.Timeout, session.Complain),
            (name, ending) =>
            {
                ending!.Wait();
                session.Out.WriteLine(name).Flush();
            });
    }
}
