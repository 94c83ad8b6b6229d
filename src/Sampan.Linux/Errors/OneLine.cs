using System.Globalization;
using System.Text;

namespace Sampan.Linux;

/// <summary>Keeps messages to one line of a terminal that shows what they say: names from archives and registries may be made to do otherwise.</summary>
public static class OneLine
{
    private const int Longest = 2048;
    private const int KeptEnd = 512;

    /// <summary>Writes control characters as escapes, and leaves the middle of what is very long out.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text itself where nothing is to be done.</returns>
    public static string Of(string text)
    {
        if (text.Length > Longest)
        {
            text = string.Concat(text.AsSpan(0, Longest - KeptEnd), "…", text.AsSpan(text.Length - KeptEnd));
        }

        var first = 0;
        while (first < text.Length && !IsHarmful(text[first]))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var character in text.AsSpan(first))
        {
            _ = character switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                _ when IsHarmful(character) => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}"),
                _ => shown.Append(character),
            };
        }

        return shown.ToString();
    }

    // A tab moves to the right and does nothing else; docker's messages have some.
    private static bool IsHarmful(char character) => char.IsControl(character) && character != '\t';
}
