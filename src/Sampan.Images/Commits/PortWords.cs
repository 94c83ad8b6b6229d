using System.Globalization;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Commits;

/// <summary>Ports as EXPOSE has them: 80, 80/udp, 8000-8010/tcp.</summary>
internal static class PortWords
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such port or protocol.</exception>
    public static void AddTo(Dictionary<string, EmptySetValue> ports, string word, string line)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : word[(slash + 1)..].ToLowerInvariant();
        var range = slash < 0 ? word : word[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = Port(dash < 0 ? range : range[..dash]);
        var last = dash < 0 ? first : Port(range[(dash + 1)..]);
        if (first < 0 || last < first || protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw ConfigChanges.Bad(line, $"invalid containerPort: {word}");
        }

        for (var port = first; port <= last; port++)
        {
            ports[string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}")] = new();
        }
    }

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : -1;
}
