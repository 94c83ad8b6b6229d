using System.Text;

namespace Sampan.Cli.Formatting.Templates;

internal static partial class TemplateFunctions
{
    private static bool IsAnyEqual(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count < 2)
        {
            throw new TemplateCallException("missing argument for comparison");
        }

        for (var i = 1; i < arguments.Count; i++)
        {
            if (AreEqual(arguments[0], arguments[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (bool one, bool other) => one == other,
        (null, _) or (_, null) => left is null && right is null,
        (TemplateMap or TemplateList, _) or (_, TemplateMap or TemplateList) => throw new TemplateCallException("non-comparable type"),
        _ => Compare(left, right) == 0,
    };

    private static int Compare(IReadOnlyList<object?> arguments) => Compare(arguments[0], arguments[1]);

    // Go tells whole numbers from others; a document's numbers are of one kind.
    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)),
        (long one, long other) => one.CompareTo(other),
        (long one, double other) => ((double)one).CompareTo(other),
        (double one, long other) => one.CompareTo(other),
        (double one, double other) => one.CompareTo(other),
        (string or long or double, string or long or double) => throw new TemplateCallException("incompatible types for comparison"),
        _ => throw new TemplateCallException("invalid type for comparison"),
    };
}
