using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Networks;
using Sampan.Cli.Formatting;
using Sampan.Cli.Terminals;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan system prune.</summary>
internal sealed class PruneSystemCommand : Command
{
    private readonly Switch _all;
    private readonly Filters _filters;
    private readonly Switch _force;
    private readonly Switch _volumes;

    /// <summary>Declares the flags.</summary>
    public PruneSystemCommand()
    {
        _all = Flags.Switch("all", 'a', "Remove all unused images not just dangling ones");
        _filters = new(Flags, "Provide filter values (e.g. \"label=<key>=<value>\")", '\0');
        _force = Flags.Switch("force", 'f', "Do not prompt for confirmation");
        _volumes = Flags.Switch("volumes", '\0', "Prune anonymous volumes");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    private string Warning => "WARNING! This will remove:\n"
        + "  - all stopped containers\n"
        + "  - all networks not used by at least one container\n"
        + (_volumes.Value ? "  - all anonymous volumes not used by at least one container\n" : "")
        + (_all.Value ? "  - all images without at least one container associated to them\n" : "  - all dangling images\n");

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var filter = new PruneFilter(_filters);
        if (!_force.Value && !Confirmation.Ask(session, Warning))
        {
            return 0;
        }

        long space = 0;
        var containers = new List<(string Name, long Size)>();
        space += session.Engine.PruneContainers(
            container => filter.Matches(container.Created, container.Config.Labels), container => containers.Add((container.Id, 0)));
        Tell(session, "Deleted Containers:", containers);
        PruneNetworksCommand.Tell(session, session.Engine.Networks.Prune(network => filter.Matches(network.Created, network.Labels)));
        if (_volumes.Value)
        {
            space += Tell(session, "Deleted Volumes:", session.Engine.Volumes.Prune(all: false, volume => filter.MatchesLabels(volume.Record.Labels)));
        }

        var (records, size) = session.Engine.RemoveUnusedImages(
            _all.Value, image => filter.Matches(image.Created, image.Config.Config?.Labels));
        PruneImagesCommand.Tell(session, records);
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Format(space + size)}");
        return 0;
    }

    private static long Tell(Session session, string heading, IReadOnlyList<(string Name, long Size)> removed)
    {
        long space = 0;
        if (removed.Count > 0)
        {
            session.Out.WriteLine(heading);
            foreach (var (name, size) in removed)
            {
                session.Out.WriteLine(name);
                space += size;
            }

            session.Out.WriteLine();
        }

        return space;
    }
}
