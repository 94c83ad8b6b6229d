using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;

namespace Sampan.Images.Documents;

/// <summary>Reads JSON that may be hostile: errors are one line that names the document.</summary>
internal static class DocumentReader
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not JSON, or not of that shape.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, string what, JsonFormat<T> format)
    {
        try
        {
            return format.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{what}: not valid JSON of its kind: {error.Message}", error);
        }
    }
}
