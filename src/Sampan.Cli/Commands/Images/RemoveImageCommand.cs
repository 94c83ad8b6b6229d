using Sampan.Flags;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan rmi.</summary>
internal sealed class RemoveImageCommand : Command
{
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public RemoveImageCommand()
    {
        _force = Flags.Switch("force", 'f', "Force removal of the image");
        Flags.Switch("no-prune", '\0', "Do not delete untagged parents");
        Flags.Unsupported("platform");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] IMAGE [IMAGE...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) => session.ForEach(arguments, name =>
    {
        var id = session.Images.TryFindId(name);
        foreach (var record in session.Images.Remove(name, _force.Value, session.Engine.FindImageUser))
        {
            if (id is not null && (record.Untagged is not null || record.Deleted == id))
            {
                ImageEvents.Write(session, record.Untagged is null ? "delete" : "untag", id, record.Untagged);
            }

            session.Out.WriteLine(record.Untagged is { } untagged ? $"Untagged: {untagged}" : $"Deleted: {record.Deleted}");
        }
    });
}
