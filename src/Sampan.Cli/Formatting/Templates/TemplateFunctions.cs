using System.Globalization;
using System.Text;
using System.Text.Json;
using Sampan.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>The functions docker's formats know: Go's built-in ones and docker's own (json, split, join, title, lower, upper, pad, truncate, println).</summary>
internal static class TemplateFunctions
{
    /// <summary>Whether a name is a function.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it is.</returns>
    public static bool Exists(string name) => name is "json" or "split" or "join" or "title" or "lower" or "upper" or "pad" or "truncate"
        or "println" or "print" or "printf" or "len" or "index" or "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "and" or "or" or "not";

    /// <summary>Calls a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="TemplateCallException">Wrong number or kind of arguments.</exception>
    public static object? Call(string name, IReadOnlyList<object?> arguments) => name switch
    {
        "json" => ToJson(One(arguments)),
        "lower" => Text(arguments, 0).ToLowerInvariant(),
        "upper" => Text(arguments, 0).ToUpperInvariant(),
        "title" => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(arguments, 0)),
        "split" => ToArray(Text(arguments, 0).Split(Text(arguments, 1))),
        "join" => Join(arguments),
        "pad" => Pad(arguments),
        "truncate" => Truncate(Text(arguments, 0), (int)Number(arguments, 1)),
        "print" => Concatenate(arguments, ""),
        "println" => Concatenate(arguments, " ") + "\n",
        "printf" => Printf(arguments),
        "len" => Length(One(arguments)),
        "index" => Index(arguments),
        "eq" => IsAnyEqual(arguments),
        "ne" => Compare(arguments) != 0,
        "lt" => Compare(arguments) < 0,
        "le" => Compare(arguments) <= 0,
        "gt" => Compare(arguments) > 0,
        "ge" => Compare(arguments) >= 0,
        "and" => Choose(arguments, stopAt: false),
        "or" => Choose(arguments, stopAt: true),
        "not" => !TemplateValue.IsTrue(One(arguments)),
        _ => throw new TemplateCallException($"function \"{name}\" not defined"),
    };

    /// <summary>The value as JSON, as it stands in the document.</summary>
    /// <param name="value">The value.</param>
    /// <returns>JSON without line breaks.</returns>
    public static string ToJson(object? value) => value switch
    {
        null => "null",
        JsonElement element => element.GetRawText(),
        bool flag => flag ? "true" : "false",
        string text => $"\"{JsonEncodedText.Encode(text, JsonTextEncoder.Instance)}\"",
        _ => TemplateValue.Print(value),
    };

    private static object? One(IReadOnlyList<object?> arguments) =>
        arguments.Count == 1 ? arguments[0] : throw new TemplateCallException($"wrong number of args: want 1 got {arguments.Count}");

    private static string Text(IReadOnlyList<object?> arguments, int index)
    {
        if (index >= arguments.Count)
        {
            throw new TemplateCallException($"wrong number of args: want {index + 1} got {arguments.Count}");
        }

        return arguments[index] as string ?? throw new TemplateCallException("expected string");
    }

    private static long Number(IReadOnlyList<object?> arguments, int index) =>
        index < arguments.Count && arguments[index] is long number ? number : throw new TemplateCallException("expected integer");

    private static JsonElement ToArray(string[] items)
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < items.Length; i++)
        {
            json.Append(i == 0 ? "" : ",").Append(ToJson(items[i]));
        }

        using var document = JsonDocument.Parse(json.Append(']').ToString());
        return document.RootElement.Clone();
    }

    private static string Join(IReadOnlyList<object?> arguments)
    {
        var separator = Text(arguments, 1);
        if (arguments[0] is null)
        {
            return "";
        }

        if (arguments[0] is not JsonElement { ValueKind: JsonValueKind.Array } array)
        {
            throw new TemplateCallException("join: expected a list");
        }

        var items = new List<string>();
        foreach (var item in array.EnumerateArray())
        {
            items.Add(TemplateValue.Print(TemplateValue.From(item)));
        }

        return string.Join(separator, items);
    }

    private static string Pad(IReadOnlyList<object?> arguments)
    {
        var text = Text(arguments, 0);
        return text.Length == 0 ? text : new string(' ', (int)Number(arguments, 1)) + text + new string(' ', (int)Number(arguments, 2));
    }

    private static string Truncate(string text, int length) => text.Length < length ? text : text[..length];

    private static string Concatenate(IReadOnlyList<object?> arguments, string separator)
    {
        var text = new StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
        {
            text.Append(i == 0 ? "" : separator).Append(TemplateValue.Print(arguments[i]));
        }

        return text.ToString();
    }

    private static string Printf(IReadOnlyList<object?> arguments)
    {
        var format = Text(arguments, 0);
        var text = new StringBuilder();
        var next = 1;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var verb = format[++i];
            var argument = verb == '%' || next >= arguments.Count ? null : arguments[next++];
            text.Append(verb switch
            {
                '%' => "%",
                's' or 'v' or 'd' or 't' => TemplateValue.Print(argument),
                'q' => ToJson(argument),
                _ => throw new TemplateCallException($"printf: %{verb} is not supported"),
            });
        }

        return text.ToString();
    }

    private static long Length(object? value) => value switch
    {
        null => 0,
        string text => Encoding.UTF8.GetByteCount(text),
        JsonElement element => TemplateValue.Length(element),
        _ => throw new TemplateCallException("len of type without length"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var value = arguments.Count > 0 ? arguments[0] : throw new TemplateCallException("wrong number of args: want at least 1 got 0");
        for (var i = 1; i < arguments.Count; i++)
        {
            value = (value, arguments[i]) switch
            {
                (JsonElement { ValueKind: JsonValueKind.Array } array, long at) when at >= 0 && at < array.GetArrayLength() => TemplateValue.From(array[(int)at]),
                (JsonElement { ValueKind: JsonValueKind.Array } or null, long at) => throw new TemplateCallException($"index out of range: {at}"),
                (JsonElement { ValueKind: JsonValueKind.Object } map, string key) => map.TryGetProperty(key, out var member) ? TemplateValue.From(member) : "",
                (null, string) => "",
                _ => throw new TemplateCallException("can't index item"),
            };
        }

        return value;
    }

    private static bool IsAnyEqual(IReadOnlyList<object?> arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            if (Compare([arguments[0], arguments[i]]) == 0)
            {
                return true;
            }
        }

        return arguments.Count > 1 ? false : throw new TemplateCallException("missing argument for comparison");
    }

    private static int Compare(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count != 2)
        {
            throw new TemplateCallException("missing argument for comparison");
        }

        return (arguments[0], arguments[1]) switch
        {
            (string left, string right) => string.CompareOrdinal(left, right),
            (long left, long right) => left.CompareTo(right),
            (bool left, bool right) => left.CompareTo(right),
            (long left, double right) => ((double)left).CompareTo(right),
            (double left, long right) => left.CompareTo(right),
            (double left, double right) => left.CompareTo(right),
            (null, null) => 0,
            (null, _) or (_, null) => 1,
            _ => throw new TemplateCallException("incompatible types for comparison"),
        };
    }

    private static object? Choose(IReadOnlyList<object?> arguments, bool stopAt)
    {
        foreach (var argument in arguments)
        {
            if (TemplateValue.IsTrue(argument) == stopAt)
            {
                return argument;
            }
        }

        return arguments.Count > 0 ? arguments[^1] : throw new TemplateCallException("wrong number of args: want at least 1 got 0");
    }
}
