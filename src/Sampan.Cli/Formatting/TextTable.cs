using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Cli.Formatting;

/// <summary>Columns as docker's client lays them out: as wide as the widest cell and three blanks, ten at least, the last one ragged.</summary>
/// <param name="minimumWidth">Least width of a column, but the last.</param>
internal sealed class TextTable(int minimumWidth = 10)
{
    private const int Padding = 3;

    private readonly List<string[]> _rows = [];
    private int[] _widths = [];

    /// <summary>Adds a row; all rows have the same number of cells.</summary>
    /// <param name="cells">The cells.</param>
    public void Add(params string[] cells)
    {
        if (cells.Length > _widths.Length)
        {
            var known = _widths.Length;
            Array.Resize(ref _widths, cells.Length);
            _widths.AsSpan(known).Fill(minimumWidth);
        }

        for (var i = 0; i < cells.Length; i++)
        {
            _widths[i] = Math.Max(_widths[i], Width(cells[i]) + Padding);
        }

        _rows.Add(cells);
    }

    /// <summary>Writes all rows.</summary>
    /// <param name="output">Where to.</param>
    public void Write(TextOutput output)
    {
        foreach (var line in Lines())
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Lays out all rows.</summary>
    /// <returns>A line for each.</returns>
    public IReadOnlyList<string> Lines()
    {
        var lines = new string[_rows.Count];
        var line = new StringBuilder();
        for (var at = 0; at < lines.Length; at++)
        {
            var row = _rows[at];
            for (var i = 0; i < row.Length; i++)
            {
                line.Append(row[i]).Append(' ', i < row.Length - 1 ? _widths[i] - Width(row[i]) : 0);
            }

            lines[at] = line.ToString();
            line.Clear();
        }

        return lines;
    }

    private static int Width(string text)
    {
        var width = text.Length;
        foreach (var character in text)
        {
            if (char.IsLowSurrogate(character))
            {
                width--;
            }
        }

        return width;
    }
}
