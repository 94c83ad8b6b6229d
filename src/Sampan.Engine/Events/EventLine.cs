using System.Buffers;
using System.Text;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Engine.Events;

/// <summary>A line of the journal: an event as docker's API sends it. Written by hand, since every start writes some.</summary>
internal static class EventLine
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The bytes of a line, newline included.</summary>
    public static ReadOnlySpan<byte> Format(EngineEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(640);
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JsonTextEncoder.Instance, SkipValidation = true }))
        {
            writer.WriteStartObject();
            if (happened.Type is "container" or "image")
            {
                // What docker had before there were types, and still sends.
                writer.WriteString("status"u8, happened.Action);
                writer.WriteString("id"u8, happened.Id);
                if (happened.Type == "container")
                {
                    writer.WriteString("from"u8, happened.Attributes.GetValueOrDefault("image", ""));
                }
            }

            writer.WriteString("Type"u8, happened.Type);
            writer.WriteString("Action"u8, happened.Action);
            writer.WriteStartObject("Actor"u8);
            writer.WriteString("ID"u8, happened.Id);
            writer.WriteStartObject("Attributes"u8);
            foreach (var name in SortedNames(happened.Attributes))
            {
                writer.WriteString(name, happened.Attributes[name]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteString("scope"u8, "local"u8);
            var ticks = happened.Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
            writer.WriteNumber("time"u8, ticks / TimeSpan.TicksPerSecond);
            writer.WriteNumber("timeNano"u8, ticks * NanosecondsPerTick);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    /// <returns>Null for a line that is none: one that a power cut tore, for instance.</returns>
    public static EngineEvent? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = Encoding.UTF8.GetString(line);
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var actor = root.GetProperty("Actor");
            var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var attribute in actor.GetProperty("Attributes").EnumerateObject())
            {
                attributes[attribute.Name] = attribute.Value.GetString() ?? "";
            }

            return new()
            {
                Type = root.GetProperty("Type").GetString() ?? "",
                Action = root.GetProperty("Action").GetString() ?? "",
                Id = actor.GetProperty("ID").GetString() ?? "",
                Attributes = attributes,
                Time = DateTimeOffset.UnixEpoch.AddTicks(root.GetProperty("timeNano").GetInt64() / NanosecondsPerTick),
                Json = json,
            };
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string[] SortedNames(IReadOnlyDictionary<string, string> attributes)
    {
        string[] names = [.. attributes.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
