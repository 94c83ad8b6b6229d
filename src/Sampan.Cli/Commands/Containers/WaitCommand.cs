using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan wait.</summary>
internal sealed class WaitCommand : Command
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
        var exitCode = session.Engine.Wait(session.Engine.Containers.Find(name));
        session.Out.WriteLine(Integer.Format(exitCode)).Flush();
    });
}
