using Sampan.Cli.Formatting;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers.Stats;

/// <summary>The table on a terminal, drawn over itself, with the last seconds of CPU and memory as sparklines.</summary>
/// <param name="output">The terminal.</param>
internal sealed class LiveView(TextOutput output)
{
    private const int History = 20;

    // Docker's, and where there is room what else the kernel says.
    private static readonly string[] Shown = ["ID", "Name", "CPUPerc", "", "MemUsage", "MemPerc", "", "NetIO", "BlockIO", "PIDs", "CPUPressure", "MemPressure", "IOPressure", "Throttled", "OOMKills"];

    private readonly Dictionary<string, (Sparkline Cpu, Sparkline Memory)> _lines = new(StringComparer.Ordinal);

    /// <summary>Draws.</summary>
    /// <param name="rows">The containers.</param>
    public void Draw(IReadOnlyList<StatsRow> rows)
    {
        var table = new TextTable();
        table.Add(Cells(static (column, _) => column.Heading, null!, "CPU", "MEM"));
        foreach (var row in rows)
        {
            if (!_lines.TryGetValue(row.Container.Id, out var lines))
            {
                _lines.Add(row.Container.Id, lines = (new(History), new(History)));
            }

            lines.Cpu.Add(row.Cpu);
            lines.Memory.Add(row.Memory);

            // A full bar is a CPU and all of the memory, or the most there was of either.
            table.Add(Cells(static (column, row) => column.Text(row), row, lines.Cpu.Draw(100), lines.Memory.Draw(100)));
        }

        Overwrite(output, table.Lines());
    }

    /// <summary>Writes lines from the top of the screen and clears what is below them. Lines are cut, since one that wraps moves all others.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="lines">The lines.</param>
    public static void Overwrite(TextOutput output, IReadOnlyList<string> lines)
    {
        var size = TerminalSize.TryRead(output.Descriptor.Number);
        var width = size is { Columns: > 0 } known ? known.Columns : int.MaxValue;
        var height = size is { Rows: > 0 } rows ? rows.Rows - 1 : int.MaxValue;
        output.Write("\e[H");
        for (var i = 0; i < lines.Count && i < height; i++)
        {
            output.Write(lines[i].Length > width ? lines[i].AsSpan(0, width) : lines[i]).Write("\e[K\r\n");
        }

        output.Write("\e[J").Flush();
    }

    private static string[] Cells(Func<Column<StatsRow>, StatsRow, string> text, StatsRow row, string cpu, string memory)
    {
        var cells = new string[Shown.Length];
        var sparkline = cpu;
        for (var i = 0; i < cells.Length; i++)
        {
            if (Shown[i].Length == 0)
            {
                cells[i] = sparkline;
                sparkline = memory;
                continue;
            }

            foreach (var column in StatsRow.Columns)
            {
                cells[i] = column.Name == Shown[i] ? text(column, row) : cells[i];
            }
        }

        return cells;
    }
}
