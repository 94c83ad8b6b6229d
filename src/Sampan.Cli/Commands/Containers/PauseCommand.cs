namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan pause.</summary>
internal sealed class PauseCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) => session.ForEach(arguments, name =>
    {
        session.Engine.Pause(session.Engine.Containers.Find(name));
        session.Out.WriteLine(name);
    });
}
