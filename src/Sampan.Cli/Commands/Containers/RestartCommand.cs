namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan restart: stop where it runs, then start.</summary>
internal sealed class RestartCommand : Command
{
    private readonly StopFlags _stop;

    /// <summary>Declares the flags.</summary>
    public RestartCommand() => _stop = new(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var signal = _stop.Signal;
        return session.ForEach(arguments, name =>
        {
            session.Engine.Restart(session.Engine.Containers.Find(name), signal, _stop.Timeout, session.Complain);
            session.Out.WriteLine(name).Flush();
        });
    }
}
