namespace Sampan.Cli.Formatting;

/// <summary>Shortens what a table shows.</summary>
internal static class Ellipsis
{
    /// <summary>Digits of a short id.</summary>
    public const int ShortId = 12;

    /// <summary>Cuts a text and ends it with "…" when it is longer than that.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Most characters of the result.</param>
    /// <returns>The text, cut when it was too long.</returns>
    public static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    /// <summary>The first twelve digits of an id, without the name of the hash.</summary>
    /// <param name="id">sha256:… or bare digits.</param>
    /// <returns>The short id.</returns>
    public static string Id(string id)
    {
        var digits = id.StartsWith("sha256:", StringComparison.Ordinal) ? id[7..] : id;
        return digits.Length > ShortId ? digits[..ShortId] : digits;
    }
}
