using System.Text;

namespace Sampan.Cli.Help;

/// <summary>
/// Wraps text beside a margin. The right edge gives way by five columns when that spares a line of one short word, which is what makes
/// docker's help look the way it does.
/// </summary>
internal static class WordWrap
{
    private const int Slack = 5;
    private const int NarrowestColumn = 24;

    /// <summary>Appends text whose first line begins at the margin.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">The text; line breaks in it are kept.</param>
    /// <param name="margin">Columns left of the text.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static void Append(StringBuilder output, string text, int margin, int width)
    {
        var indent = margin;
        var column = width - margin;
        if (column < NarrowestColumn)
        {
            // Too narrow beside the names: a block of its own below them.
            indent = 16;
            column = width - indent;
            output.Append('\n').Append(' ', indent);
        }

        column = Math.Max(column, NarrowestColumn) - Slack;
        for (var rest = text.AsSpan(); ;)
        {
            var line = Cut(ref rest, column);
            foreach (var range in line.Split('\n'))
            {
                if (range.Start.Value > 0)
                {
                    output.Append('\n').Append(' ', indent);
                }

                output.Append(line[range]);
            }

            if (rest.IsEmpty)
            {
                return;
            }

            output.Append('\n').Append(' ', indent);
        }
    }

    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> rest, int column)
    {
        var line = rest;
        if (column + Slack > rest.Length)
        {
            rest = default;
            return line;
        }

        var blank = rest[..column].LastIndexOfAny(" \t\n");
        if (blank <= 0)
        {
            rest = default;
            return line;
        }

        var lineBreak = rest[..column].LastIndexOf('\n');
        var end = lineBreak > 0 && lineBreak < blank ? lineBreak : blank;
        line = rest[..end];
        rest = rest[(end + 1)..];
        return line;
    }
}
