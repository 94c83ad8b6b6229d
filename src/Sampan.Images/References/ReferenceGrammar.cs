namespace Sampan.Images;

/// <summary>The grammar of distribution/reference (regexp.go), by hand: a reference is read on every run.</summary>
internal static class ReferenceGrammar
{
    /// <summary>host, host:port or [address]:port.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("["))
        {
            var end = text.IndexOf(']');
            return end > 1 && IsAddress(text[1..end]) &&
                (end == text.Length - 1 || (text[end + 1] == ':' && IsPort(text[(end + 2)..])));
        }

        var colon = text.IndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = colon < 0 ? "0" : text[(colon + 1)..];
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || !IsLabel(label))
            {
                return false;
            }
        }

        return IsPort(port);
    }

    /// <summary>Components between slashes, each of lower-case letters and digits with single separators between.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('/'))
        {
            if (!IsComponent(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A word character, then up to 127 of word characters, dots and dashes.</summary>
    public static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 128 || text[0] is '.' or '-')
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character) && character != ':')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPort(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (var character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
            {
                return false;
            }
        }

        return true;
    }

    // [a-z0-9]+ ( ("." | "_" | "__" | "-"+) [a-z0-9]+ )*
    private static bool IsComponent(ReadOnlySpan<char> text)
    {
        var index = 0;
        while (true)
        {
            var start = index;
            while (index < text.Length && (char.IsAsciiLetterLower(text[index]) || char.IsAsciiDigit(text[index])))
            {
                index++;
            }

            if (index == start)
            {
                return false;
            }

            if (index == text.Length)
            {
                return true;
            }

            var separator = text[index];
            var first = index;
            while (index < text.Length && text[index] == separator)
            {
                index++;
            }

            var longest = separator switch { '.' => 1, '_' => 2, '-' => int.MaxValue, _ => 0 };
            if (index - first > longest)
            {
                return false;
            }
        }
    }
}
