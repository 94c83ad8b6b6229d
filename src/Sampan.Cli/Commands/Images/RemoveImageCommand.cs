using Sampan.Engine;
using Sampan.Flags;
using Sampan.Images;

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
        var image = session.Images.TryFind(name);
        foreach (var record in session.Images.Remove(name, _force.Value, id => UserOf(session.Engine, id)))
        {
            if (image is not null && (record.Untagged is not null || record.Deleted == image.Id))
            {
                ImageEvents.Write(session, record.Untagged is null ? "delete" : "untag", image.Id, record.Untagged);
            }

            session.Out.WriteLine(record.Untagged is { } untagged ? $"Untagged: {untagged}" : $"Deleted: {record.Deleted}");
        }
    });

    // A running container rather than a stopped one: force does not help against it.
    private static ImageUser? UserOf(ContainerEngine engine, string id)
    {
        ImageUser? stopped = null;
        foreach (var container in engine.Containers.List())
        {
            if (container.ImageId != id)
            {
                continue;
            }

            if (container.State.Running)
            {
                return new(container.Id, Running: true);
            }

            stopped ??= new(container.Id, Running: false);
        }

        return stopped;
    }
}
