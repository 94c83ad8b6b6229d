using System.Globalization;
using System.Text;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>A word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Position">Where it begins, in characters.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Position)
{
    /// <summary>How Go names it in errors: EOF, &lt;end&gt;, "text", "a longer t"...</summary>
    public string Description => Kind switch
    {
        TemplateTokenKind.End => "EOF",
        TemplateTokenKind.Keyword => string.Create(CultureInfo.InvariantCulture, $"<{Text}>"),
        _ when Text.EnumerateRunes().Count() > 10 => Quotation.Of(First(Text, 10)) + "...",
        _ => Quotation.Of(Text),
    };

    private static string First(string text, int count)
    {
        var first = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (count-- == 0)
            {
                break;
            }

            first.Append(rune);
        }

        return first.ToString();
    }
}
