using System.Globalization;
using System.Text;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Go's string literals: what strconv.Quote writes and a template holds.</summary>
internal static class Quotation
{
    /// <summary>Writes a text as a literal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="quote">The mark around it.</param>
    /// <returns>The literal, marks included.</returns>
    public static string Of(string text, char quote = '"')
    {
        var literal = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\a':
                    literal.Append("\\a");
                    break;
                case '\b':
                    literal.Append("\\b");
                    break;
                case '\f':
                    literal.Append("\\f");
                    break;
                case '\n':
                    literal.Append("\\n");
                    break;
                case '\r':
                    literal.Append("\\r");
                    break;
                case '\t':
                    literal.Append("\\t");
                    break;
                case '\v':
                    literal.Append("\\v");
                    break;
                case '\\':
                    literal.Append("\\\\");
                    break;
                case < ' ' or 0x7f:
                    literal.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                    break;
                default:
                    if (rune.Value == quote)
                    {
                        literal.Append('\\');
                    }

                    literal.Append(IsPrintable(rune) ? rune.ToString() : Escape(rune.Value));
                    break;
            }
        }

        return literal.Append(quote).ToString();
    }

    /// <summary>Reads a literal.</summary>
    /// <param name="literal">The literal with its marks: ", ' or `.</param>
    /// <returns>The text.</returns>
    /// <exception cref="FormatException">It holds an escape Go does not know.</exception>
    public static string Read(string literal)
    {
        var body = literal[1..^1];
        if (literal[0] == '`' || !body.Contains('\\', StringComparison.Ordinal))
        {
            return body;
        }

        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\' || i + 1 == body.Length)
            {
                text.Append(body[i]);
                continue;
            }

            i++;
            switch (body[i])
            {
                case 'x':
                    text.Append(Number(body, ref i, 2));
                    break;
                case 'u':
                    text.Append(Number(body, ref i, 4));
                    break;
                case 'U':
                    text.Append(Number(body, ref i, 8));
                    break;
                default:
                    text.Append(Short(body[i]));
                    break;
            }
        }

        return text.ToString();
    }

    private static char Short(char letter) => letter switch
    {
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        '\\' or '"' or '\'' => letter,
        _ => throw new FormatException("invalid syntax"),
    };

    private static string Number(string body, ref int at, int digits)
    {
        if (at + digits < body.Length
            && int.TryParse(body.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.TryCreate(value, out var rune))
        {
            at += digits;
            return rune.ToString();
        }

        throw new FormatException("invalid syntax");
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (rune.Value == ' ' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);

    private static string Escape(int value) =>
        value > 0xffff ? string.Create(CultureInfo.InvariantCulture, $"\\U{value:x8}") : string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}");
}
