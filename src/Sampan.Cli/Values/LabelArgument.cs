using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Labels and other name=value pairs that become a map.</summary>
internal static class LabelArgument
{
    /// <summary>Checks one label.</summary>
    /// <param name="text">name or name=value.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="ValueException">No name.</exception>
    public static string Check(string text) =>
        text.Length > 0 && text[0] != '=' ? text : throw new ValueException($"invalid label '{text}': empty name");

    /// <summary>Makes a map; the last of two equal names counts.</summary>
    /// <param name="pairs">name or name=value.</param>
    /// <returns>The map.</returns>
    public static Dictionary<string, string> ToMap(IReadOnlyList<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            map[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        }

        return map;
    }
}
