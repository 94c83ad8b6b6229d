using System.Globalization;
using System.Text;
using System.Text.Json;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Events;

namespace Sampan.Cli.Formatting;

/// <summary>How events prints an event.</summary>
internal static class EventFormat
{
    /// <summary>Reads a format.</summary>
    /// <param name="format">Empty for docker's line, json, or a template.</param>
    /// <returns>What makes the line.</returns>
    /// <exception cref="Sampan.Linux.SampanException">Not a template.</exception>
    public static Func<EngineEvent, string> Parse(string format) => format switch
    {
        "" => Line,
        "json" or "{{json .}}" => static happened => happened.Json,
        _ => ByTemplate(new Template(format)),
    };

    /// <summary>Docker's line: time, type, action, id and what else is said.</summary>
    private static string Line(EngineEvent happened)
    {
        var line = new StringBuilder();
        line.Append(happened.Time.ToLocalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture)).Append("00");
        line.Append(happened.Time.ToLocalTime() is { Offset.Ticks: 0 } ? "Z" : happened.Time.ToLocalTime().ToString("zzz", CultureInfo.InvariantCulture));
        line.Append(' ').Append(happened.Type).Append(' ').Append(happened.Action).Append(' ').Append(happened.Id);
        if (happened.Attributes.Count > 0)
        {
            var words = new List<string>();
            foreach (var (name, value) in happened.Attributes)
            {
                words.Add($"{name}={value}");
            }

            words.Sort(StringComparer.Ordinal);
            line.Append(" (").AppendJoin(", ", words).Append(')');
        }

        return line.ToString();
    }

    private static Func<EngineEvent, string> ByTemplate(Template template) => happened =>
    {
        using var document = Document(happened);
        return template.Execute(document.RootElement);
    };

    // The names of Go's fields, which the JSON has in other letters.
    private static JsonDocument Document(EngineEvent happened)
    {
        using var raw = JsonDocument.Parse(happened.Json);
        var root = raw.RootElement;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in root.EnumerateObject())
            {
                property.WriteTo(writer);
            }

            writer.WriteString("Status", happened.Action);
            writer.WriteString("ID", happened.Id);
            writer.WriteString("From", happened.Attributes.GetValueOrDefault("image", ""));
            writer.WriteString("Scope", "local");
            writer.WriteNumber("Time", root.GetProperty("time").GetInt64());
            writer.WriteNumber("TimeNano", root.GetProperty("timeNano").GetInt64());
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
