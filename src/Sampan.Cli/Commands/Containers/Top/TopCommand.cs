using Sampan.Cli.Formatting;
using Sampan.Engine.Statistics;
using Sampan.Flags;
using Sampan.Linux.Processes;

namespace Sampan.Cli.Commands.Containers.Top;

/// <summary>sampan top: the container's processes, read from /proc; no ps is started.</summary>
internal sealed class TopCommand : Command
{
    // Docker's client leaves more room here than in its other tables.
    private const int ColumnWidth = 20;

    private readonly Switch _tree;

    /// <summary>Declares the flags.</summary>
    public TopCommand() => _tree = Flags.Switch("tree", '\0', "Show processes below their parents");

    /// <inheritdoc/>
    public override string Usage => "CONTAINER [ps OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override bool Interspersed => false;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var columns = PsOptions.Columns([.. arguments.Skip(1)]);
        var processes = ContainerProcesses.Of(session.Engine.Containers.Find(arguments[0]));
        var listing = new ProcessListing();
        var table = new TextTable(ColumnWidth);
        table.Add([.. columns.Select(static column => column.Heading)]);
        foreach (var (process, branch) in _tree.Value ? ProcessTree.Of(processes) : Flat(processes))
        {
            var cells = columns.Select(column => column.Text(listing, process)).ToArray();

            // The branches belong to the command, which is last where ps chooses the columns.
            cells[^1] = branch + cells[^1];
            table.Add(cells);
        }

        table.Write(session.Out);
        return 0;
    }

    private static IReadOnlyList<(ProcessDetails Process, string Branch)> Flat(IReadOnlyList<ProcessDetails> processes) =>
        [.. processes.Select(static process => (process, ""))];
}
