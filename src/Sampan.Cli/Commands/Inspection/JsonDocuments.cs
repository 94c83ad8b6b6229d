using System.Buffers;
using System.Text;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>JSON documents as docker's client prints them.</summary>
internal static class JsonDocuments
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JsonTextEncoder.Instance };

    private static readonly JsonWriterOptions Indented = new()
    {
        Encoder = JsonTextEncoder.Instance,
        Indented = true,
        IndentSize = 4,
    };

    /// <summary>Makes a document.</summary>
    /// <param name="write">Writes it.</param>
    /// <returns>The document.</returns>
    public static JsonDocument Make(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    /// <summary>Lays documents out as an array, four blanks a level.</summary>
    /// <param name="documents">The documents.</param>
    /// <returns>The text, without a line break at its end.</returns>
    public static string ToArray(IReadOnlyList<JsonDocument> documents)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartArray();
            foreach (var document in documents)
            {
                document.RootElement.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
