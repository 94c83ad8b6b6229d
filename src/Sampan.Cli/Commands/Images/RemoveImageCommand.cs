using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan rmi.</summary>
internal sealed class RemoveImageCommand : Command
{
    private readonly Switch _force;
    private readonly ListFlag _platforms;

    /// <summary>Declares the flags.</summary>
    public RemoveImageCommand()
    {
        _force = Flags.Switch("force", 'f', "Force removal of the image");
        Flags.Switch("no-prune", '\0', "Do not delete untagged parents");
        _platforms = Flags.List("platform", '\0', "Remove only the given platform variant. " + PlatformFlag.Form, "strings");
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
        RequirePlatform(session, name);
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

    // The store has one platform of each image: another is not there to be removed.
    private void RequirePlatform(Session session, string name)
    {
        if (_platforms.Values.Count == 0 || session.Images.TryFind(name) is not { } image)
        {
            return;
        }

        PlatformFilter? last = null;
        foreach (var text in string.Join(',', _platforms.Values).Split(','))
        {
            last = PlatformFilter.Parse(text);
            if (last.Matches(image.Config.Os, image.Config.Architecture, image.Config.Variant))
            {
                return;
            }
        }

        last!.Require(image.Config, name);
    }
}
