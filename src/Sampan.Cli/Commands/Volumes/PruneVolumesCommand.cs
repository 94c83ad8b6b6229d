using Sampan.Cli.Formatting;
using Sampan.Cli.Terminals;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Volumes;

/// <summary>sampan volume prune.</summary>
internal sealed class PruneVolumesCommand : Command
{
    private readonly Switch _all;
    private readonly Filters _filters;
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public PruneVolumesCommand()
    {
        _all = Flags.Switch("all", 'a', "Remove all unused volumes, not just anonymous ones");
        _filters = new(Flags, "Provide filter values (e.g. \"label=<label>\")", '\0');
        _force = Flags.Switch("force", 'f', "Do not prompt for confirmation");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _filters.Require("all", "label", "label!");
        var all = _all.Value || (_filters.Has("all") && _filters.Any("all", Filters.IsYes));
        if (!_force.Value && !Confirmation.Ask(session, all
            ? "WARNING! This will remove all local volumes not used by at least one container."
            : "WARNING! This will remove anonymous local volumes not used by at least one container."))
        {
            return 0;
        }

        DamagedContainers.Warn(session);
        long space = 0;
        var removed = session.Engine.Volumes.Prune(all, volume => _filters.MatchPruneLabels(volume.Record.Labels));
        if (removed.Count > 0)
        {
            session.Out.WriteLine("Deleted Volumes:");
            foreach (var (name, size) in removed)
            {
                session.Out.WriteLine(name);
                space += size;
            }

            session.Out.WriteLine();
        }

        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Format(space)}");
        return 0;
    }
}
