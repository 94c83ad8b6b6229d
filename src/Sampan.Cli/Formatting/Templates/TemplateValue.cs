using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>What a template computes with: string, long, double, bool, null, or a piece of the document. This is how Go would print and judge it.</summary>
internal static class TemplateValue
{
    /// <summary>Turns a piece of the document into a plain value where it is one.</summary>
    /// <param name="element">The piece.</param>
    /// <returns>string, long, double, bool, null; or the piece itself when it is an array or object.</returns>
    public static object? From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => element,
    };

    /// <summary>Go's truth: not false, zero, empty or absent.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True when it counts as true.</returns>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        JsonElement element => Length(element) > 0,
        _ => true,
    };

    /// <summary>Number of elements of an array or object.</summary>
    /// <param name="element">Array or object.</param>
    /// <returns>The number.</returns>
    public static int Length(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.GetArrayLength();
        }

        var count = 0;
        foreach (var _ in element.EnumerateObject())
        {
            count++;
        }

        return count;
    }

    /// <summary>Prints a value as Go's %v does. Absent prints as "[]": in docker's documents it is nearly always an empty list.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    public static string Print(object? value)
    {
        switch (value)
        {
            case null:
                return "[]";
            case string text:
                return text;
            case bool flag:
                return flag ? "true" : "false";
            case JsonElement element:
                var output = new StringBuilder();
                Append(output, element);
                return output.ToString();
            default:
                return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
    }

    private static void Append(StringBuilder output, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                output.Append('[');
                var separator = "";
                foreach (var item in element.EnumerateArray())
                {
                    output.Append(separator);
                    Append(output, item);
                    separator = " ";
                }

                output.Append(']');
                break;
            case JsonValueKind.Object:
                AppendObject(output, element);
                break;
            default:
                output.Append(Print(From(element)));
                break;
        }
    }

    private static void AppendObject(StringBuilder output, JsonElement element)
    {
        // Go prints maps in the order of their keys.
        var members = new List<JsonProperty>(element.EnumerateObject());
        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Append("map[");
        for (var i = 0; i < members.Count; i++)
        {
            output.Append(i == 0 ? "" : " ").Append(members[i].Name).Append(':');
            Append(output, members[i].Value);
        }

        output.Append(']');
    }
}
