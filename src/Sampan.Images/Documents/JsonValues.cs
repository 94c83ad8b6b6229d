using System.Text.Json;
using Sampan.Oci.Images;

namespace Sampan.Images.Documents;

/// <summary>
/// Reads JSON values without the serializer, whose metadata for a type costs more to set up than a whole document to read: names and
/// configurations are read on every start of a container.
/// </summary>
internal static class JsonValues
{
    /// <summary>Moves to the next property of an object.</summary>
    /// <param name="reader">On the object's start, or on the end of a property's value.</param>
    /// <returns>False at the object's end. Else the reader is on the property's name.</returns>
    public static bool NextProperty(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves from a property's name into its object; false when the value is null.</summary>
    public static bool EnterObject(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.StartObject);

    /// <summary>Moves from a property's name into its array; false when the value is null.</summary>
    public static bool EnterArray(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.StartArray);

    /// <summary>The string of a property the reader stands on.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Current(ref reader);
    }

    /// <summary>The number of a property the reader stands on.</summary>
    public static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw Unexpected(ref reader);
    }

    /// <summary>The truth value of a property the reader stands on.</summary>
    public static bool? Truth(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw Unexpected(ref reader),
        };
    }

    /// <summary>The RFC 3339 time of a property the reader stands on.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : throw Unexpected(ref reader);
    }

    /// <summary>The strings of an array; null when the value is null.</summary>
    public static List<string>? Strings(ref Utf8JsonReader reader)
    {
        if (!EnterArray(ref reader))
        {
            return null;
        }

        List<string> result = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            result.Add(Current(ref reader) ?? throw Unexpected(ref reader));
        }

        return result;
    }

    /// <summary>An object of strings; null when the value is null.</summary>
    public static Dictionary<string, string>? Map(ref Utf8JsonReader reader)
    {
        if (!EnterObject(ref reader))
        {
            return null;
        }

        Dictionary<string, string> result = new(StringComparer.Ordinal);
        while (NextProperty(ref reader))
        {
            var key = reader.GetString()!;
            result[key] = Text(ref reader) ?? "";
        }

        return result;
    }

    /// <summary>The names of an object whose values mean nothing; null when the value is null.</summary>
    public static Dictionary<string, EmptySetValue>? Set(ref Utf8JsonReader reader)
    {
        if (!EnterObject(ref reader))
        {
            return null;
        }

        Dictionary<string, EmptySetValue> result = new(StringComparer.Ordinal);
        while (NextProperty(ref reader))
        {
            result[reader.GetString()!] = new();
            reader.Skip();
        }

        return result;
    }

    /// <summary>The value of a property the reader stands on, kept as it is.</summary>
    public static void Keep(ref Utf8JsonReader reader, ref Dictionary<string, JsonElement>? others)
    {
        var name = reader.GetString()!;
        reader.Read();
        (others ??= new(StringComparer.Ordinal))[name] = JsonElement.ParseValue(ref reader);
    }

    public static JsonException Unexpected(ref Utf8JsonReader reader) => new($"unexpected {reader.TokenType}");

    private static bool Enter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        return reader.TokenType == start || (reader.TokenType == JsonTokenType.Null ? false : throw Unexpected(ref reader));
    }

    private static string? Current(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw Unexpected(ref reader),
    };
}
