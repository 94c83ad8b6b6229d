using System.Globalization;
using System.Text;

namespace Sampan.Cli.Formatting.Templates;

internal static partial class TemplateFunctions
{
    private static long Length(object? value) => value switch
    {
        null => 0,
        string text => Encoding.UTF8.GetByteCount(text),
        TemplateList list => list.Items.Count,
        TemplateMap map => map.Keys.Count,
        _ => throw new TemplateCallException($"len of type {TemplateValue.TypeName(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var value = arguments[0];
        for (var i = 1; i < arguments.Count; i++)
        {
            value = Index(value, arguments[i]);
        }

        return value;
    }

    private static object? Index(object? value, object? key) => (value, key) switch
    {
        (TemplateList list, long at) when at >= 0 && at < list.Items.Count => list.Items[(int)at],
        (string text, long at) when at >= 0 && at < Encoding.UTF8.GetByteCount(text) => (long)Encoding.UTF8.GetBytes(text)[at],
        (TemplateList or string or null, long at) => throw OutOfRange(at),
        (TemplateMap map, string name) => map.TryGet(name, out var member) ? member : map.Zero,
        (null, string) => "",
        (TemplateMap, _) => throw new TemplateCallException($"value has type {TemplateValue.TypeName(key)}; should be string"),
        (TemplateList or string or null, _) => throw new TemplateCallException($"cannot index slice/array with type {TemplateValue.TypeName(key)}"),
        _ => throw new TemplateCallException($"can't index item of type {TemplateValue.TypeName(value)}"),
    };

    private static object? Slice(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count > 4)
        {
            throw new TemplateCallException(string.Create(CultureInfo.InvariantCulture, $"too many slice indexes: {arguments.Count - 1}"));
        }

        var value = arguments[0];
        if (value is string && arguments.Count == 4)
        {
            throw new TemplateCallException("cannot 3-index slice a string");
        }

        var bytes = value is string text ? Encoding.UTF8.GetBytes(text) : null;
        var length = bytes?.Length ?? (value as TemplateList)?.Items.Count ?? throw new TemplateCallException($"can't slice item of type {TemplateValue.TypeName(value)}");
        var from = Bound(arguments, 1, 0, length);
        var to = Bound(arguments, 2, length, length);
        if (from > to)
        {
            throw new TemplateCallException(string.Create(CultureInfo.InvariantCulture, $"invalid slice index: {from} > {to}"));
        }

        return bytes is not null
            ? Encoding.UTF8.GetString(bytes.AsSpan(from, to - from))
            : new TemplateList([.. ((TemplateList)value!).Items.Skip(from).Take(to - from)]);
    }

    private static int Bound(IReadOnlyList<object?> arguments, int index, int otherwise, int length)
    {
        if (index >= arguments.Count)
        {
            return otherwise;
        }

        return arguments[index] switch
        {
            long at when at >= 0 && at <= length => (int)at,
            long at => throw OutOfRange(at),
            var other => throw new TemplateCallException($"cannot index slice/array with type {TemplateValue.TypeName(other)}"),
        };
    }

    private static TemplateCallException OutOfRange(long index) => new(string.Create(CultureInfo.InvariantCulture, $"index out of range: {index}"));
}
