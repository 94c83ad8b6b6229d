using Sampan.Linux;

namespace Sampan.Engine.Networks;

/// <summary>A link as --link and records name it: NAME, or NAME:ALIAS (docker/cli, opts.ParseLink).</summary>
public static class LinkText
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The container, and what it is called; the same where nothing else is said.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: malformed, in docker's words.</exception>
    public static (string Container, string Alias) Parse(string text)
    {
        if (text.Length == 0)
        {
            throw SampanException.InvalidArgument("empty string specified for links");
        }

        if (text.Split(':') is not ([_] or [_, _]) || text.AsSpan().ContainsAny(" \t\r\n"))
        {
            throw SampanException.InvalidArgument($"bad format for links: {text}");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, alias) = colon < 0 ? (text, text) : (text[..colon], text[(colon + 1)..]);

        // As inspect shows links: /NAME:/OWN-NAME/ALIAS.
        return (name.TrimStart('/'), alias[(alias.LastIndexOf('/') + 1)..]) is ({ Length: > 0 }, { Length: > 0 }) both
            ? both
            : throw SampanException.InvalidArgument($"bad format for links: {text}");
    }
}
