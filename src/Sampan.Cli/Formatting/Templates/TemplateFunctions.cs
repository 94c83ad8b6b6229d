using System.Globalization;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>The functions docker's formats know: Go's built-in ones and docker's own (json, split, join, title, lower, upper, pad, truncate).</summary>
internal static partial class TemplateFunctions
{
    /// <summary>Whether a name is a function.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it is.</returns>
    public static bool Exists(string name) => name is "json" or "split" or "join" or "title" or "lower" or "upper" or "pad" or "truncate"
        or "println" or "print" or "printf" or "len" or "index" or "slice" or "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "and" or "or" or "not";

    /// <summary>Whether a function does nothing to the headings of a table.</summary>
    /// <param name="name">The function.</param>
    /// <returns>True when it does not.</returns>
    public static bool LeavesHeadings(string name) => name is "json" or "title" or "lower" or "upper" or "truncate" or "split" or "join" or "pad";

    /// <summary>The heading among the arguments of such a function.</summary>
    /// <param name="name">The function.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The heading.</returns>
    /// <exception cref="TemplateCallException">There is none.</exception>
    public static object? Heading(string name, IReadOnlyList<object?> arguments) => arguments.Count > 0 ? arguments[0] : throw Count(name, "1", 0);

    /// <summary>Calls a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="TemplateCallException">Wrong number or kind of arguments.</exception>
    public static object? Call(string name, IReadOnlyList<object?> arguments)
    {
        Check(name, arguments.Count);
        return name switch
        {
            "json" => TemplateJson.Of(arguments[0]),
            "lower" => Text(arguments, 0).ToLowerInvariant(),
            "upper" => Text(arguments, 0).ToUpperInvariant(),
            "title" => Title(Text(arguments, 0)),
            "split" => TemplateList.Of(Split(Text(arguments, 0), Text(arguments, 1))),
            "join" => Join(arguments, Text(arguments, 1)),
            "pad" => Pad(Text(arguments, 0), Number(arguments, 1), Number(arguments, 2)),
            "truncate" => Truncate(Text(arguments, 0), Number(arguments, 1)),
            "print" => Print(arguments),
            "println" => PrintLine(arguments),
            "printf" => TemplatePrintf.Format(Text(arguments, 0), arguments),
            "len" => Length(arguments[0]),
            "index" => Index(arguments),
            "slice" => Slice(arguments),
            "eq" => IsAnyEqual(arguments),
            "ne" => !AreEqual(arguments[0], arguments[1]),
            "lt" => Compare(arguments) < 0,
            "le" => Compare(arguments) <= 0,
            "gt" => Compare(arguments) > 0,
            "ge" => Compare(arguments) >= 0,
            "and" or "or" => arguments[0],
            _ => !TemplateValue.IsTrue(arguments[0]),
        };
    }

    private static void Check(string name, int count)
    {
        var (least, most) = name switch
        {
            "json" or "lower" or "upper" or "title" or "len" or "not" => (1, 1),
            "split" or "join" or "truncate" or "ne" or "lt" or "le" or "gt" or "ge" => (2, 2),
            "pad" => (3, 3),
            "printf" or "index" or "slice" or "eq" or "and" or "or" => (1, int.MaxValue),
            _ => (0, int.MaxValue),
        };
        if (count < least || count > most)
        {
            throw Count(name, least == most ? Text(least) : "at least " + Text(least), count);
        }
    }

    private static TemplateCallException Count(string name, string wanted, int count) =>
        new($"wrong number of args for {name}: want {wanted} got {Text(count)}") { IsBeforeCall = true };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(IReadOnlyList<object?> arguments, int index) =>
        arguments[index] as string ?? throw WrongType(arguments, index, "string");

    private static int Number(IReadOnlyList<object?> arguments, int index) =>
        arguments[index] is long number and >= 0 and < int.MaxValue ? (int)number : throw WrongType(arguments, index, "int");

    private static TemplateCallException WrongType(IReadOnlyList<object?> arguments, int index, string wanted) =>
        new($"wrong type for value; expected {wanted}; got {TemplateValue.TypeName(arguments[index])}") { IsBeforeCall = true, Argument = index, Wanted = wanted };
}
