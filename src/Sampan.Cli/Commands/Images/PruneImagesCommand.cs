using Sampan.Cli.Formatting;
using Sampan.Cli.Terminals;
using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan image prune.</summary>
internal sealed class PruneImagesCommand : Command
{
    private readonly Switch _all;
    private readonly Filters _filters;
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public PruneImagesCommand()
    {
        _all = Flags.Switch("all", 'a', "Remove all unused images, not just dangling ones");
        _filters = new(Flags, "Provide filter values (e.g. \"until=<timestamp>\")", '\0');
        _force = Flags.Switch("force", 'f', "Do not prompt for confirmation");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var all = _all.Value || IsEverythingMeant();
        var filter = new PruneFilter(_filters, "dangling");
        var warning = all
            ? "WARNING! This will remove all images without at least one container associated to them."
            : "WARNING! This will remove all dangling images.";
        if (!_force.Value && !Confirmation.Ask(session, warning))
        {
            return 0;
        }

        var (records, size) = session.Engine.RemoveUnusedImages(all, image => filter.Matches(image.Created, image.Config.Config?.Labels));
        Tell(session, records);
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Format(size)}");
        return 0;
    }

    /// <summary>Prints what was removed, in docker's words.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="records">What.</param>
    public static void Tell(Session session, IReadOnlyList<RemovedImage> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        session.Out.WriteLine("Deleted Images:");
        foreach (var record in records)
        {
            session.Out.WriteLine(record.Untagged is { } name ? $"untagged: {name}" : $"deleted: {record.Deleted}");
        }

        session.Out.WriteLine();
    }

    // Docker's older word for --all.
    private bool IsEverythingMeant() => _filters.Has("dangling") && _filters.Any("dangling", static value => !Filters.IsYes(value));
}
