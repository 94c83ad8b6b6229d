using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>
/// What a template computes with: string, long, double, bool, null, a <see cref="TemplateList"/> or a <see cref="TemplateMap"/>. This is how Go
/// would judge and print it; nothing is found out by reflection.
/// </summary>
internal static class TemplateValue
{
    /// <summary>The value of a name that is not there and need not be; printed as Go prints it.</summary>
    public static object Absent { get; } = new AbsentValue();

    /// <summary>Turns a piece of a document into a value.</summary>
    /// <param name="element">The piece.</param>
    /// <param name="name">Its name in the object around it.</param>
    /// <param name="around">The name of that object.</param>
    /// <returns>The value.</returns>
    public static object? From(JsonElement element, string name = "", string around = "") => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object => new JsonMap(element, name, around),
        JsonValueKind.Array => FromArray(element, name),
        _ => null,
    };

    /// <summary>Go's truth: not false, zero, empty or absent.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True when it counts as true.</returns>
    public static bool IsTrue(object? value) => value switch
    {
        null or AbsentValue => false,
        bool truth => truth,
        long whole => whole != 0,
        double real => real != 0,
        string text => text.Length > 0,
        TemplateList list => list.Items.Count > 0,
        TemplateMap map => map.Keys.Count > 0,
        _ => true,
    };

    /// <summary>Prints a value as Go's %v does. Null prints as "[]": in docker's documents it is nearly always an empty list.</summary>
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
            case bool truth:
                return truth ? "true" : "false";
            case long whole:
                return whole.ToString(CultureInfo.InvariantCulture);
            case double real:
                return PrintReal(real);
            case AbsentValue:
                return "<no value>";
            default:
                return PrintCollection(value);
        }
    }

    /// <summary>The name of a value's type as Go's errors have it.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The name.</returns>
    public static string TypeName(object? value) => value switch
    {
        string => "string",
        long => "int",
        double => "float64",
        bool => "bool",
        TemplateList => "[]interface {}",
        TemplateMap => "map[string]interface {}",
        _ => "<nil>",
    };

    private static TemplateList FromArray(JsonElement element, string name)
    {
        var items = new List<object?>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            items.Add(From(item, "", name));
        }

        return new(items);
    }

    private static string PrintCollection(object value)
    {
        var output = new StringBuilder();
        var separator = "";
        if (value is TemplateList list)
        {
            output.Append('[');
            foreach (var item in list.Items)
            {
                output.Append(separator).Append(Print(item));
                separator = " ";
            }
        }
        else if (value is TemplateMap map)
        {
            output.Append("map[");
            foreach (var key in map.Keys)
            {
                map.TryGet(key, out var item);
                output.Append(separator).Append(key).Append(':').Append(Print(item));
                separator = " ";
            }
        }

        return output.Append(']').ToString();
    }

    // Go's %v of a float: the shortest form, with an exponent from 1e21 on and below 1e-4.
    private static string PrintReal(double real)
    {
        if (double.IsNaN(real) || double.IsInfinity(real))
        {
            return double.IsNaN(real) ? "NaN" : real > 0 ? "+Inf" : "-Inf";
        }

        var size = Math.Abs(real);
        if (size is 0 or (>= 1e-4 and < 1e21))
        {
            return real.ToString("0.#################", CultureInfo.InvariantCulture) is var plain && double.Parse(plain, CultureInfo.InvariantCulture).Equals(real)
                ? plain
                : real.ToString("R", CultureInfo.InvariantCulture);
        }

        var text = real.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            text = real.ToString("e" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture).Equals(real))
            {
                break;
            }
        }

        // .NET writes e+021, Go e+21.
        var exponent = text.IndexOf('e', StringComparison.Ordinal);
        return text[..(exponent + 2)] + text[(exponent + 2)..].TrimStart('0').PadLeft(2, '0');
    }

    private sealed class AbsentValue;
}
