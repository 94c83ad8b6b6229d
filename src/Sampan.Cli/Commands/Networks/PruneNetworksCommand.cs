using Sampan.Cli.Terminals;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network prune.</summary>
internal sealed class PruneNetworksCommand : Command
{
    private readonly Filters _filters;
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public PruneNetworksCommand()
    {
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
        var filter = new PruneFilter(_filters);
        if (_force.Value || Confirmation.Ask(session, "WARNING! This will remove all custom networks not used by at least one container."))
        {
            Tell(session, session.Engine.Networks.Prune(network => filter.Matches(network.Created, network.Labels)));
        }

        return 0;
    }

    /// <summary>Prints what was removed; nothing where nothing was.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="removed">Names of networks.</param>
    public static void Tell(Session session, IReadOnlyList<string> removed)
    {
        if (removed.Count == 0)
        {
            return;
        }

        session.Out.WriteLine("Deleted Networks:");
        foreach (var name in removed)
        {
            session.Out.WriteLine(name);
        }

        session.Out.WriteLine();
    }
}
