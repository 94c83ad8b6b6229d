using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sampan.Linux;

namespace Sampan.Images.Content;

/// <summary>Reads JSON that may be hostile: errors are one line that names the document.</summary>
internal static class DocumentReader
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not JSON, or not of that shape.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, string what, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw SampanException.InvalidArgument($"{what}: the document is null");
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{what}: not valid JSON of its kind at line {error.LineNumber + 1}", error);
        }
    }
}
