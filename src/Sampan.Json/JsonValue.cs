using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace Sampan.Json;

/// <summary>What generated code reads and writes values with. A reader stands on a value's first token before a call, and on its last after it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class JsonValue
{
    /// <summary>Checks that an object begins.</summary>
    /// <exception cref="JsonException">It does not.</exception>
    public static void EnterObject(ref Utf8JsonReader reader) => Enter(ref reader, JsonTokenType.StartObject, "an object");

    /// <summary>Moves to the next member of an object.</summary>
    /// <returns>False at the object's end; else the reader is on the member's name.</returns>
    public static bool NextMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves from a member's name to its value.</summary>
    /// <returns>False when it is null, which is as good as absent.</returns>
    public static bool HasValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.Null;
    }

    /// <summary>Whether a member is called so.</summary>
    /// <param name="reader">On the member's name, which may be half a surrogate pair: then it is called nothing.</param>
    /// <param name="name">In UTF-8, nothing in it escaped.</param>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(name);
        }

        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether a member is called so, in capital or small letters.</summary>
    /// <param name="reader">On the member's name.</param>
    /// <param name="name">In ASCII.</param>
    public static bool IsIgnoringCase(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(reader.ValueSpan, name);

    /// <summary>Reads the name of a member.</summary>
    /// <exception cref="JsonException">It is not UTF-8.</exception>
    public static string MemberName(ref Utf8JsonReader reader) => Decode(ref reader);

    /// <summary>Moves from a member's name to its value and keeps that as it is.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonElement ReadElement(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="JsonException">It is none, or not UTF-8.</exception>
    public static string ReadString(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? Decode(ref reader) : throw Unexpected(ref reader, "a string");

    /// <summary>Reads a string, or null as an empty one: what Go's maps of strings make of it.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static string ReadStringOrNull(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? "" : ReadString(ref reader);

    /// <summary>Reads a truth value.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static bool ReadBoolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Unexpected(ref reader, "true or false"),
    };

    /// <summary>Reads a number.</summary>
    /// <exception cref="JsonException">It is none of that range.</exception>
    public static int ReadInt32(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetInt32(out var value) ? value : throw OutOfRange(ref reader, int.MinValue, int.MaxValue);

    /// <inheritdoc cref="ReadInt32"/>
    public static uint ReadUInt32(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetUInt32(out var value) ? value : throw OutOfRange(ref reader, uint.MinValue, uint.MaxValue);

    /// <inheritdoc cref="ReadInt32"/>
    public static ushort ReadUInt16(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetUInt16(out var value) ? value : throw OutOfRange(ref reader, ushort.MinValue, ushort.MaxValue);

    /// <inheritdoc cref="ReadInt32"/>
    public static long ReadInt64(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetInt64(out var value) ? value : throw OutOfRange(ref reader, long.MinValue, long.MaxValue);

    /// <inheritdoc cref="ReadInt32"/>
    public static ulong ReadUInt64(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetUInt64(out var value) ? value : throw OutOfRange(ref reader, ulong.MinValue, ulong.MaxValue);

    /// <summary>Reads a time (RFC 3339).</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static DateTimeOffset ReadDateTimeOffset(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) ? value : throw Unexpected(ref reader, "a time as in RFC 3339");

    /// <summary>Reads an array.</summary>
    /// <param name="reader">On its start.</param>
    /// <param name="read">Reads an item.</param>
    /// <exception cref="JsonException">It is none, or of other items.</exception>
    public static List<T> ReadList<T>(ref Utf8JsonReader reader, delegate*<ref Utf8JsonReader, T> read)
    {
        Enter(ref reader, JsonTokenType.StartArray, "an array");
        List<T> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(read(ref reader));
        }

        return items;
    }

    /// <summary>Reads an object whose members' names mean nothing to us; of several with one name the last counts.</summary>
    /// <param name="reader">On its start.</param>
    /// <param name="read">Reads a member's value.</param>
    /// <param name="takesNull">It knows what to make of null; else such a member is as good as absent.</param>
    /// <exception cref="JsonException">It is none, or of other values.</exception>
    public static Dictionary<string, T> ReadMap<T>(ref Utf8JsonReader reader, delegate*<ref Utf8JsonReader, T> read, bool takesNull)
    {
        EnterObject(ref reader);
        Dictionary<string, T> map = new(StringComparer.Ordinal);
        while (NextMember(ref reader))
        {
            var name = Decode(ref reader);
            if (HasValue(ref reader) || takesNull)
            {
                map[name] = read(ref reader);
            }
        }

        return map;
    }

    /// <summary>Writes a scalar.</summary>
    public static void WriteString(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteBoolean(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteInt32(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteUInt32(Utf8JsonWriter writer, uint value) => writer.WriteNumberValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteUInt16(Utf8JsonWriter writer, ushort value) => writer.WriteNumberValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteInt64(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteUInt64(Utf8JsonWriter writer, ulong value) => writer.WriteNumberValue(value);

    /// <inheritdoc cref="WriteString"/>
    public static void WriteDateTimeOffset(Utf8JsonWriter writer, DateTimeOffset value) => writer.WriteStringValue(value);

    /// <summary>Writes an array.</summary>
    public static void WriteList<T>(Utf8JsonWriter writer, IReadOnlyList<T> items, delegate*<Utf8JsonWriter, T, void> write)
    {
        writer.WriteStartArray();
        for (var index = 0; index < items.Count; index++)
        {
            write(writer, items[index]);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes an object, its members in the map's order.</summary>
    public static void WriteMap<T>(Utf8JsonWriter writer, IReadOnlyDictionary<string, T> map, delegate*<Utf8JsonWriter, T, void> write)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            write(writer, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes members that were kept as they were.</summary>
    public static void WriteElements(Utf8JsonWriter writer, Dictionary<string, JsonElement>? elements)
    {
        foreach (var (name, element) in elements ?? [])
        {
            writer.WritePropertyName(name);
            element.WriteTo(writer);
        }
    }

    private static void Enter(ref Utf8JsonReader reader, JsonTokenType start, string expected)
    {
        if (reader.TokenType != start)
        {
            throw Unexpected(ref reader, expected);
        }
    }

    private static bool IsNumber(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number;

    private static string Decode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Unexpected(ref reader, "text that is UTF-8");
        }
    }

    private static JsonShapeException OutOfRange<T>(ref Utf8JsonReader reader, T from, T to) =>
        Unexpected(ref reader, string.Create(CultureInfo.InvariantCulture, $"a whole number from {from} to {to}"));

    private static JsonShapeException Unexpected(ref Utf8JsonReader reader, string expected) => new(expected, reader.TokenType, reader.ValueSpan);
}
