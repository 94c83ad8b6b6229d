using System.Text.Encodings.Web;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Images.Documents;

/// <summary>Writes JSON as Go's tools do, "+" and "&amp;" as they are: people read these documents too.</summary>
internal static class DocumentWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<T>(T document, JsonFormat<T> format) => format.ToBytes(document, Options);
}
