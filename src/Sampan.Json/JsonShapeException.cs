using System.Text;
using System.Text.Json;

namespace Sampan.Json;

/// <summary>A value is of another kind than the type wants. Its place is found out by who began to read.</summary>
internal sealed class JsonShapeException(string expected, JsonTokenType found, ReadOnlySpan<byte> value) : JsonException($"{expected} is expected, not {Name(found, value)}")
{
    private const int LongestQuote = 40;

    private static string Name(JsonTokenType token, ReadOnlySpan<byte> value) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "this string",
        JsonTokenType.Number => $"the number {Encoding.ASCII.GetString(value[..Math.Min(value.Length, LongestQuote)])}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "this",
    };
}
