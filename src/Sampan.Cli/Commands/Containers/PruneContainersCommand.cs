using Sampan.Cli.Formatting;
using Sampan.Cli.Terminals;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan container prune.</summary>
internal sealed class PruneContainersCommand : Command
{
    private readonly Filters _filters;
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public PruneContainersCommand()
    {
        _filters = new(Flags, "Provide filter values (e.g. \"until=<timestamp>\")", shorthand: '\0');
        _force = Flags.Switch("force", 'f', "Do not prompt for confirmation");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var filter = new PruneFilter(_filters);
        if (!_force.Value && !Confirmation.Ask(session, "WARNING! This will remove all stopped containers."))
        {
            // As docker's client: no is an answer and no error.
            return 0;
        }

        var deleted = new List<Container>();
        var reclaimed = session.Engine.PruneContainers(container => filter.Matches(container.Created, container.Config.Labels), deleted.Add);
        if (deleted.Count > 0)
        {
            session.Out.WriteLine("Deleted Containers:");
            deleted.ForEach(container => session.Out.WriteLine(container.Id));
            session.Out.WriteLine();
        }

        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Format(reclaimed)}");
        return 0;
    }
}
