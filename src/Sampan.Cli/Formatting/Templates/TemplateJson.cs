using System.Buffers;
using System.Text;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>The function json: a value as JSON in one line, its characters as they are.</summary>
internal static class TemplateJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JsonTextEncoder.Instance };

    /// <summary>Writes a value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static string Of(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case long whole:
                writer.WriteNumberValue(whole);
                break;
            case double real:
                writer.WriteNumberValue(real);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case TemplateMap map:
                map.Write(writer);
                break;
            case TemplateList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
