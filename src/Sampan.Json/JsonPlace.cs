using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sampan.Json;

/// <summary>Where in a document something is wrong. Worked out from the document when it is, so that reading keeps no account of it.</summary>
public static class JsonPlace
{
    // Where Utf8JsonReader gives up unless it is told otherwise.
    private const int MaxDepth = 64;

    /// <summary>An error that names the place.</summary>
    /// <param name="json">The document.</param>
    /// <param name="reader">Where reading ended.</param>
    /// <param name="error">What it ended with.</param>
    internal static JsonException Describe(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, JsonException error)
    {
        if (error is not JsonShapeException)
        {
            // The reader does not tell the two apart: its words are cut from the native executables.
            var reason = reader.CurrentDepth >= MaxDepth - 1 ? $"nested deeper than {MaxDepth} levels, or no JSON," : "no JSON";
            return new($"{reason} from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on", null, error.LineNumber, error.BytePositionInLine, error);
        }

        var offset = reader.TokenStartIndex;
        var line = json[..(int)offset].Count((byte)'\n');
        var path = Of(json, offset);
        return new(path.Length > 0 ? $"{path}: {error.Message}" : error.Message, path, line, offset - 1 - json[..(int)offset].LastIndexOf((byte)'\n'), error);
    }

    /// <summary>The name of a place.</summary>
    /// <param name="json">A document that is JSON up to there.</param>
    /// <param name="offset">Where the value, or the member's name, begins, in bytes.</param>
    /// <returns>As people write it: linux.resources.devices[2].type; empty for the document itself.</returns>
    public static string Of(ReadOnlySpan<byte> json, long offset)
    {
        var reader = new Utf8JsonReader(json);
        var steps = new Stack<Step>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                steps.Pop();
                continue;
            }

            if (steps.TryPeek(out var parent) && parent.Index >= 0)
            {
                parent.Index++;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                parent!.Name = NameOf(ref reader);
            }

            if (reader.TokenStartIndex >= offset)
            {
                break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                steps.Push(new() { Index = reader.TokenType == JsonTokenType.StartArray ? 0 : -1 });
            }
        }

        var path = new StringBuilder();
        foreach (var step in steps.Reverse())
        {
            if (step.Index > 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{step.Index - 1}]");
            }
            else if (step.Name is not null)
            {
                path.Append(path.Length > 0 ? "." : "").Append(step.Name);
            }
        }

        return path.ToString();
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        const int longest = 64;
        var name = Encoding.UTF8.GetString(reader.ValueSpan.Length > longest ? reader.ValueSpan[..longest] : reader.ValueSpan);
        return string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    // An object's step has a name, an array's the number of items begun.
    private sealed class Step
    {
        public int Index { get; set; }

        public string? Name { get; set; }
    }
}
