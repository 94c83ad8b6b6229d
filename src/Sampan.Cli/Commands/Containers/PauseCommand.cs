using Sampan.Engine;
using Sampan.Engine.Containers;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan pause and sampan unpause: they differ in what the engine is asked for.</summary>
/// <param name="act">Asks the engine.</param>
internal sealed class PauseCommand(Action<ContainerEngine, Container> act) : Command
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
        act(session.Engine, session.Engine.Containers.Find(name));
        session.Out.WriteLine(name);
    });
}
