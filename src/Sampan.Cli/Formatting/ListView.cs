using Sampan.Cli.Formatting.Templates;
using Sampan.Linux.Files;

namespace Sampan.Cli.Formatting;

/// <summary>
/// Prints a list the way docker's --format says: nothing or "table" for the usual table, "table TEMPLATE" for another one, "json" for a
/// JSON object per line, anything else for a template per line.
/// </summary>
/// <typeparam name="T">What a row shows.</typeparam>
/// <param name="columns">All fields a format may name, sorted by name.</param>
/// <param name="shown">Names of the fields of the usual table, in order.</param>
internal sealed class ListView<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<string> shown)
{
    /// <summary>A row's labels, for {{.Label "name"}}; null where rows have none.</summary>
    public Func<T, IReadOnlyDictionary<string, string>?>? Labels { get; init; }

    /// <summary>The type of a row in error messages, which are docker's.</summary>
    public string TypeName { get; init; } = "*formatter.Context";

    /// <summary>Prints the rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="format">Value of --format.</param>
    public void Write(TextOutput output, IReadOnlyList<T> rows, string format) => Compile(format)(output, rows);

    /// <summary>Reads a format, once for many lists.</summary>
    /// <param name="format">Value of --format.</param>
    /// <returns>Prints rows, in order.</returns>
    /// <exception cref="Linux.SampanException">It is no template.</exception>
    public Action<TextOutput, IReadOnlyList<T>> Compile(string format)
    {
        var text = format.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (text is "" or "table")
        {
            return WriteTable;
        }

        if (text.StartsWith("table", StringComparison.Ordinal))
        {
            var table = new Template(text["table".Length..].Trim(' ', '\t'));
            return (output, rows) => WriteTemplateTable(output, rows, table);
        }

        var template = new Template(text == "json" ? "{{json .}}" : text);
        return (output, rows) => WriteLines(output, rows, template);
    }

    private void WriteTable(TextOutput output, IReadOnlyList<T> rows)
    {
        var chosen = new Column<T>[shown.Count];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = Find(shown[i]);
        }

        var table = new TextTable();
        table.Add(Array.ConvertAll(chosen, static column => column.Heading));
        foreach (var row in rows)
        {
            table.Add(Array.ConvertAll(chosen, column => column.Text(row)));
        }

        table.Write(output);
    }

    private void WriteTemplateTable(TextOutput output, IReadOnlyList<T> rows, Template template)
    {
        var table = new TextTable();
        table.Add(template.ExecuteHeadings(new HeadingRecord<T>(columns)).Split('\t'));
        foreach (var row in rows)
        {
            foreach (var line in template.Execute(Record(row)).Split('\n'))
            {
                table.Add(line.Split('\t'));
            }
        }

        table.Write(output);
    }

    private void WriteLines(TextOutput output, IReadOnlyList<T> rows, Template template)
    {
        foreach (var row in rows)
        {
            output.WriteLine(template.Execute(Record(row)));
        }
    }

    private RowRecord<T> Record(T row) => new(columns, row, Labels, TypeName);

    private Column<T> Find(string name)
    {
        foreach (var column in columns)
        {
            if (column.Name == name)
            {
                return column;
            }
        }

        throw new ArgumentException($"no column {name}", nameof(name));
    }
}
