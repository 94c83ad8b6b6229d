using Sampan.Linux.Files;

namespace Sampan.Cli.Formatting;

/// <summary>Columns as docker's client lays them out: as wide as the widest cell and three blanks, ten at least, the last one ragged.</summary>
internal sealed class TextTable
{
    private const int Padding = 3;
    private const int MinimumWidth = 10;

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
            _widths.AsSpan(known).Fill(MinimumWidth);
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
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                output.Write(row[i]);
                if (i < row.Length - 1)
                {
                    output.Repeat(' ', _widths[i] - Width(row[i]));
                }
            }

            output.WriteLine();
        }
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
