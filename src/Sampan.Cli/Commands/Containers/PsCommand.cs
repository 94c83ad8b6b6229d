using Sampan.Cli.Formatting;
using Sampan.Engine;
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
    private readonly Switch _size;

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
        _size = Flags.Switch("size", 's', "Display total file sizes");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var filter = _filters.IsEmpty ? null : new ContainerFilter(_filters, session.Engine);
        var rows = Select(session.Engine, filter);
        if (_quiet.Value)
        {
            foreach (var row in rows)
            {
                session.Out.WriteLine(row.Id);
            }

            return 0;
        }

        IReadOnlyList<string> shown = _size.Value
            ? ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names", "Size"]
            : ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"];
        var view = new ListView<ContainerRow>(ContainerRow.Columns, shown)
        {
            Labels = static row => row.Container.Config.Labels,
            TypeName = "*formatter.ContainerContext",
        };
        view.Write(session.Out, rows, _format.Value);
        return 0;
    }

    private List<ContainerRow> Select(ContainerEngine engine, ContainerFilter? filter)
    {
        var limit = _latest.Value ? 1 : _last.Value;
        var all = _all.Value || limit > 0 || filter is { WantsAllStates: true };
        var now = DateTimeOffset.UtcNow;
        var rows = new List<ContainerRow>();
        foreach (var container in engine.Containers.List())
        {
            if (limit > 0 && rows.Count == limit)
            {
                break;
            }

            if (TryRow(engine, container, now) is { } row && (all || row.State.Running) && (filter is null || filter.Matches(row)))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private static string Size(ContainerSize size) =>
        size.Total > 0 ? $"{HumanSize.Format(size.Written)} (virtual {HumanSize.Format(size.Total)})" : HumanSize.Format(size.Written);

    private ContainerRow? TryRow(ContainerEngine engine, Container container, DateTimeOffset now)
    {
        try
        {
            // As docker: sizes are looked for where -s or a format asks, and JSON without -s has a zero.
            return _size.Value || _format.Value.Contains(".Size", StringComparison.Ordinal)
                ? new(container, now, !_noTruncate.Value) { Size = () => Size(engine.SizeOf(container)) }
                : new(container, now, !_noTruncate.Value);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
        {
            // Removed between the listing and the look at its state: ps takes no locks.
            return null;
        }
    }
}
