using Sampan.Cli.Formatting;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan ps.</summary>
internal sealed class PsCommand : Command
{
    private readonly Switch _all;
    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<long> _last;
    private readonly Switch _latest;
    private readonly Switch _noTruncate;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public PsCommand()
    {
        _all = Flags.Switch("all", 'a', "Show all containers (default shows just running)");
        _filters = new(Flags);
        _format = FormatFlag.ForList(Flags);
        _last = Flags.Number("last", 'n', "Show n last created containers (includes all states)", -1);
        _latest = Flags.Switch("latest", 'l', "Show the latest created container (includes all states)");
        _noTruncate = Flags.Switch("no-trunc", '\0', "Don't truncate output");
        _quiet = Flags.Switch("quiet", 'q', "Only display container IDs");
        Flags.Unsupported("s/size");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var filter = _filters.IsEmpty ? null : new ContainerFilter(_filters, session.Engine);
        var rows = Select(session.Engine.Containers.List(), filter);
        if (_quiet.Value)
        {
            foreach (var row in rows)
            {
                session.Out.WriteLine(row.Id);
            }

            return 0;
        }

        new ListView<ContainerRow>(ContainerRow.Columns, ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"])
            .Write(session.Out, rows, _format.Value);
        return 0;
    }

    private List<ContainerRow> Select(IReadOnlyList<Container> containers, ContainerFilter? filter)
    {
        var limit = _latest.Value ? 1 : _last.Value;
        var all = _all.Value || limit > 0 || filter is { WantsAllStates: true };
        var now = DateTimeOffset.UtcNow;
        var rows = new List<ContainerRow>();
        foreach (var container in containers)
        {
            if (limit > 0 && rows.Count == limit)
            {
                break;
            }

            if (TryRow(container, now) is { } row && (all || row.State.Running) && (filter is null || filter.Matches(row)))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private ContainerRow? TryRow(Container container, DateTimeOffset now)
    {
        try
        {
            return new(container, now, !_noTruncate.Value);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
        {
            // Removed between the listing and the look at its state: ps takes no locks.
            return null;
        }
    }
}
