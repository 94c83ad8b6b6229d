using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan rename.</summary>
internal sealed class RenameCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "CONTAINER NEW_NAME";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var oldName = arguments[0].Trim();
        var newName = arguments[1].Trim();
        if (oldName.Length == 0 || newName.Length == 0)
        {
            throw SampanException.InvalidArgument("Error: Neither old nor new names may be empty");
        }

        session.Engine.Rename(session.Engine.Containers.Find(oldName), newName);
        return 0;
    }
}
