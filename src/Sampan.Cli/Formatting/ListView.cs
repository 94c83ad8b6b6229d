using System.Buffers;
using System.Text;
using System.Text.Json;
using Sampan.Cli.Formatting.Templates;
using Sampan.Json;
using Sampan.Linux.Files;

namespace Sampan.Cli.Formatting;

/// <summary>
/// Prints a list the way docker's --format says: nothing or "table" for the usual table, "table TEMPLATE" for another one, "json" for a
/// JSON object per line, anything else for a template per line.
/// </summary>
/// <typeparam name="T">What a row shows.</typeparam>
/// <param name="columns">All fields a format may name.</param>
/// <param name="shown">Names of the fields of the usual table, in order.</param>
internal sealed class ListView<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<string> shown)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JsonTextEncoder.Instance };

    /// <summary>Prints the rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="format">Value of --format.</param>
    public void Write(TextOutput output, IReadOnlyList<T> rows, string format)
    {
        var text = format.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (text is "" or "table")
        {
            WriteTable(output, rows);
        }
        else if (text.StartsWith("table ", StringComparison.Ordinal))
        {
            WriteTemplateTable(output, rows, text["table ".Length..].Trim(' '));
        }
        else
        {
            WriteLines(output, rows, text == "json" ? "{{json .}}" : text);
        }
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

    private void WriteTemplateTable(TextOutput output, IReadOnlyList<T> rows, string source)
    {
        var template = new Template(source);
        var table = new TextTable();
        using (var headings = Document(static (column, _) => column.Heading, default!))
        {
            table.Add(template.Execute(headings.RootElement).Split('\t'));
        }

        foreach (var row in rows)
        {
            using var document = Document(static (column, row) => column.Text(row), row);
            table.Add(template.Execute(document.RootElement).Split('\t'));
        }

        table.Write(output);
    }

    private void WriteLines(TextOutput output, IReadOnlyList<T> rows, string source)
    {
        var template = new Template(source);
        foreach (var row in rows)
        {
            using var document = Document(static (column, row) => column.Text(row), row);
            output.WriteLine(template.Execute(document.RootElement));
        }
    }

    private JsonDocument Document(Func<Column<T>, T, string> text, T row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var column in columns)
            {
                writer.WriteString(column.Name, text(column, row));
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

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
