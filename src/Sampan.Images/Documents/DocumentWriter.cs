using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sampan.Images.Documents;

/// <summary>Writes JSON as Go's tools do, "+" and "&amp;" as they are: people read these documents too.</summary>
internal static class DocumentWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<T>(T document, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
