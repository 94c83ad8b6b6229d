namespace Sampan.Cli.Commands.Images;

/// <summary>Docker's patterns of image names: a name, a name with a tag, and * and ? that do not cross a slash.</summary>
internal static class ReferencePattern
{
    /// <summary>Whether a line of images matches.</summary>
    /// <param name="row">The line.</param>
    /// <param name="pattern">name, name:tag, either with wildcards.</param>
    /// <returns>True when it does.</returns>
    public static bool Matches(ImageRow row, string pattern) =>
        Matches($"{row.Repository}:{row.Tag}", pattern.AsSpan()) || Matches(row.Repository, pattern.AsSpan());

    /// <summary>Whether a text matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>True when it does.</returns>
    internal static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                for (var taken = 0; taken <= text.Length; taken++)
                {
                    if (Matches(text[taken..], pattern[1..]))
                    {
                        return true;
                    }

                    if (taken < text.Length && text[taken] == '/')
                    {
                        break;
                    }
                }

                return false;
            }

            if (text.IsEmpty || (pattern[0] == '?' ? text[0] == '/' : pattern[0] != text[0]))
            {
                return false;
            }

            text = text[1..];
            pattern = pattern[1..];
        }

        return text.IsEmpty;
    }
}
