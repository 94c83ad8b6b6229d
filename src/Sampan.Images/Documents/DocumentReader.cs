using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Documents;

/// <summary>Reads JSON that may be hostile: errors are one line that names the document.</summary>
internal static class DocumentReader
{
    private delegate T Read<T>(ref Utf8JsonReader reader);

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not JSON, or not of that shape.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, string what, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw SampanException.InvalidArgument($"{what}: the document is null");
        }
        catch (JsonException error)
        {
            throw Invalid(what, error);
        }
    }

    /// <summary>An image configuration.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not JSON, or not of that shape.</exception>
    public static ImageDocument ParseConfiguration(ReadOnlySpan<byte> bytes, string what) => Parse(bytes, what, ImageDocumentReader.Read);

    /// <summary>The descriptors of an index.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not JSON, or not of that shape.</exception>
    public static List<Descriptor> ParseIndex(ReadOnlySpan<byte> bytes, string what) => Parse(bytes, what, IndexReader.Read);

    /// <summary>A list as it should be: absent is empty, and null is no item.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it has null among its items.</exception>
    public static IReadOnlyList<T> Items<T>(IReadOnlyList<T>? items, string what)
        where T : class
    {
        foreach (var item in items ?? [])
        {
            if (item is null)
            {
                throw SampanException.InvalidArgument($"{what}: null in a list");
            }
        }

        return items ?? [];
    }

    private static T Parse<T>(ReadOnlySpan<byte> bytes, string what, Read<T> read)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var document = read(ref reader);

            // Nothing may follow: the reader says so.
            reader.Read();
            return document;
        }
        catch (JsonException error)
        {
            throw Invalid(what, error);
        }
    }

    private static SampanException Invalid(string what, JsonException error) =>
        new(ErrorKind.InvalidArgument, $"{what}: not valid JSON of its kind at line {error.LineNumber + 1}", error);
}
