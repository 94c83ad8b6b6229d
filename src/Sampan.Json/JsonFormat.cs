using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sampan.Json;

/// <summary>How values of a type are written as JSON (RFC 8259) and read back. Generated code, so that the first document costs no more than the next.</summary>
/// <typeparam name="T">The type.</typeparam>
public readonly unsafe struct JsonFormat<T>
{
    private readonly delegate*<ref Utf8JsonReader, T> _read;
    private readonly delegate*<Utf8JsonWriter, T, void> _write;

    /// <summary>Made by the generator.</summary>
    /// <param name="read">Reads the value whose first token the reader stands on, and leaves it on the last.</param>
    /// <param name="write">Writes a value.</param>
    public JsonFormat(delegate*<ref Utf8JsonReader, T> read, delegate*<Utf8JsonWriter, T, void> write)
    {
        _read = read;
        _write = write;
    }

    /// <summary>Reads a document. Members that are null count as absent, unknown ones are passed over.</summary>
    /// <param name="json">The whole document, UTF-8.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">It is not JSON, or not of this shape: one line that names the place.</exception>
    public T Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            var value = _read(ref reader);

            // Nothing may follow: the reader says so.
            reader.Read();
            return value;
        }
        catch (JsonException error)
        {
            throw JsonPlace.Describe(json, ref reader, error);
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public T Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    public void Write(Utf8JsonWriter writer, T value) => _write(writer, value);

    /// <summary>Writes a document.</summary>
    /// <param name="value">The value.</param>
    /// <returns>UTF-8, on one line.</returns>
    public byte[] ToBytes(T value)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JsonTextEncoder.Instance }))
        {
            _write(writer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a document.</summary>
    /// <param name="value">The value.</param>
    /// <returns>On one line.</returns>
    public string ToText(T value) => Encoding.UTF8.GetString(ToBytes(value));
}
