using System.Globalization;
using Sampan.Linux;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Errors of templates in the words of Go's text/template behind docker's client, which scripts know.</summary>
internal static class TemplateError
{
    /// <summary>A template that cannot be understood.</summary>
    /// <param name="source">The template.</param>
    /// <param name="position">Where, in characters.</param>
    /// <param name="reason">Why, in Go's words.</param>
    /// <returns>The exception to throw.</returns>
    public static SampanException WhenParsing(string source, int position, string reason) =>
        SampanException.InvalidArgument(string.Create(CultureInfo.InvariantCulture, $"template parsing error: template: :{Line(source, position)}: {reason}"));

    /// <summary>A template that cannot be run.</summary>
    /// <param name="source">The template.</param>
    /// <param name="position">Where, in characters.</param>
    /// <param name="part">The part of it that is at fault.</param>
    /// <param name="reason">Why, in Go's words.</param>
    /// <returns>The exception to throw.</returns>
    public static SampanException WhenRunning(string source, int position, string part, string reason)
    {
        var column = position - (source.LastIndexOf('\n', Math.Max(0, position - 1)) + 1);
        return SampanException.InvalidArgument(string.Create(
            CultureInfo.InvariantCulture, $"template parsing error: template: :{Line(source, position)}:{column}: executing \"\" at <{part}>: {reason}"));
    }

    private static int Line(string source, int position) => 1 + source.AsSpan(0, position).Count('\n');
}
