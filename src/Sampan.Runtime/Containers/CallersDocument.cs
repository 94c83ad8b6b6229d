using System.Text.Json;
using System.Text.Unicode;
using Sampan.Json;
using Sampan.Linux;

namespace Sampan.Runtime.Containers;

/// <summary>Reads a JSON document somebody else wrote; what is wrong with it is said in one line that names the place.</summary>
public static class CallersDocument
{
    /// <summary>
    /// Reads it. Unknown properties are ignored, as config.md demands; a property that is null is as good as absent, as it is for runc;
    /// what will become a text of the kernel's must not contain NUL.
    /// </summary>
    /// <typeparam name="T">The document's type.</typeparam>
    /// <param name="json">The document.</param>
    /// <param name="format">How it is read.</param>
    /// <param name="name">What it is called in errors, such as "config.json".</param>
    /// <returns>The object.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no such document.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonFormat<T> format, string name)
        where T : class
    {
        if (!Utf8.IsValid(json))
        {
            throw SampanException.InvalidArgument($"{name} is not valid: it is not UTF-8");
        }

        try
        {
            var document = format.Parse(json);

            // A NUL can only be there as an escape; where none is, the look costs a microsecond.
            if (json.IndexOf("\\u0000"u8) >= 0)
            {
                RefuseNul(json, name);
            }

            return document;
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{name} is not valid: {error.Message}", error);
        }
    }

    // Annotations are nobody's text but the caller's.
    private static void RefuseNul(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("annotations"u8))
            {
                reader.Skip();
            }
            else if (reader.ValueIsEscaped && HasNul(reader.ValueSpan))
            {
                throw SampanException.InvalidArgument($"{name} is not valid: {JsonPlace.Of(json, reader.TokenStartIndex)} contains NUL, which no text of the kernel's can");
            }
        }
    }

    // Not decoded: half a surrogate pair somewhere in what is ignored is no concern of ours.
    private static bool HasNul(ReadOnlySpan<byte> escaped)
    {
        for (var index = 0; index < escaped.Length; index++)
        {
            if (escaped[index] == (byte)'\\')
            {
                index++;
                if (escaped[index..].StartsWith("u0000"u8))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
