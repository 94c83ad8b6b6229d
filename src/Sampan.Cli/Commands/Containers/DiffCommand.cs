namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan diff.</summary>
internal sealed class DiffCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        foreach (var change in session.Engine.Diff(session.Engine.Containers.Find(arguments[0])))
        {
            session.Out.Write($"{change.Kind} ");
            session.Out.WriteBytes(change.Path.Bytes);
            session.Out.WriteLine();
        }

        return 0;
    }
}
