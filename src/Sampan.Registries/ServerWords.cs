using System.Text;

namespace Sampan.Registries;

/// <summary>Text of a server or a program, made fit for one line of a terminal.</summary>
internal static class ServerWords
{
    private const int Longest = 512;

    /// <summary>Control characters, and those that turn the direction of writing, become question marks; what is too long is cut.</summary>
    public static string Clean(string text)
    {
        var words = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (words.Length >= Longest)
            {
                return words.Append("...").ToString();
            }

            var category = Rune.GetUnicodeCategory(rune);
            var isBlank = rune.Value is '\n' or '\r' or '\t';
            var isUnfit = category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
            words.Append(isBlank ? " " : isUnfit ? "?" : rune.ToString());
        }

        return words.ToString();
    }
}
