using System.Text;

namespace Sampan.Cli.Formatting.Templates;

internal static partial class TemplateFunctions
{
    // Go's strings.Title: the first letter of each word, and nothing else, becomes a capital. An apostrophe ends a word.
    private static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            title.Append(inWord ? rune : Rune.ToUpperInvariant(rune));
            inWord = Rune.IsLetterOrDigit(rune) || rune.Value == '_' || (!rune.IsAscii && !Rune.IsWhiteSpace(rune));
        }

        return title.ToString();
    }

    private static string[] Split(string text, string separator)
    {
        if (separator.Length > 0)
        {
            return text.Split(separator);
        }

        var characters = new List<string>();
        foreach (var rune in text.EnumerateRunes())
        {
            characters.Add(rune.ToString());
        }

        return [.. characters];
    }

    private static string Join(IReadOnlyList<object?> arguments, string separator)
    {
        switch (arguments[0])
        {
            case null:
                return "";
            case TemplateList list:
                var items = new List<string>(list.Items.Count);
                foreach (var item in list.Items)
                {
                    items.Add(TemplateValue.Print(item));
                }

                return string.Join(separator, items);
            default:
                throw WrongType(arguments, 0, "[]string");
        }
    }

    private static string Pad(string text, int before, int after) => text.Length == 0 ? text : new string(' ', before) + text + new string(' ', after);

    // Docker counts bytes and may cut a character in two; a whole character is what is meant.
    private static string Truncate(string text, int length)
    {
        var bytes = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > length)
            {
                return text[..end];
            }

            end += rune.Utf16SequenceLength;
        }

        return text;
    }

    // fmt.Sprint puts a blank between two operands of which neither is a string, fmt.Sprintln between all.
    private static string Print(IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
        {
            text.Append(i > 0 && arguments[i - 1] is not string && arguments[i] is not string ? " " : "").Append(TemplateValue.Print(arguments[i]));
        }

        return text.ToString();
    }

    private static string PrintLine(IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(TemplateValue.Print(arguments[i]));
        }

        return text.Append('\n').ToString();
    }
}
