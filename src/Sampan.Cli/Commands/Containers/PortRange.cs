using System.Globalization;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The value of a filter for ports: 80, 80/udp, 8000-8080/tcp.</summary>
/// <param name="First">First port.</param>
/// <param name="Last">Last port.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
internal readonly record struct PortRange(ushort First, ushort Last, string Protocol)
{
    /// <summary>Reads values.</summary>
    /// <param name="values">The values.</param>
    /// <returns>The ranges.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: one is no port.</exception>
    public static IReadOnlyList<PortRange> Parse(IReadOnlyList<string> values)
    {
        var ranges = new List<PortRange>();
        foreach (var value in values)
        {
            ranges.Add(Parse(value));
        }

        return ranges;
    }

    /// <summary>Reads one.</summary>
    /// <inheritdoc cref="Parse(IReadOnlyList{string})"/>
    /// <param name="value">The value.</param>
    public static PortRange Parse(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var ports = slash < 0 ? value : value[..slash];
        var protocol = slash < 0 ? "tcp" : value[(slash + 1)..].ToLowerInvariant();
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw SampanException.InvalidArgument($"invalid proto: {protocol}");
        }

        return ushort.TryParse(dash < 0 ? ports : ports[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(ports[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && last >= first
            ? new(first, last, protocol)
            : throw SampanException.InvalidArgument($"invalid containerPort: {value}");
    }

    /// <summary>Whether it has a port in common with another value.</summary>
    /// <param name="port">A port as images have it: 80/tcp.</param>
    /// <returns>True when it has.</returns>
    public bool Contains(string port)
    {
        var other = Parse(port);
        return other.Protocol == Protocol && other.First <= Last && other.Last >= First;
    }
}
