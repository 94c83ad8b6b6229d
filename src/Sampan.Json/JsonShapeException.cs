using System.Text.Json;

namespace Sampan.Json;

/// <summary>A value is of another kind than the type wants. Its place is found out by who began to read.</summary>
internal sealed class JsonShapeException(string expected, JsonTokenType found) : JsonException($"{expected} is expected, not {Name(found)}")
{
    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "this string",
        JsonTokenType.Number => "this number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "this",
    };
}
