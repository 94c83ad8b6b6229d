using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Networking.Addresses;

namespace Sampan.Cli.Values;

/// <summary>A port as --publish and --expose name it, by docker's rules and in its words (go-connections, nat).</summary>
internal static class PublishArgument
{
    /// <summary>Reads [[ADDRESS:]HOST-PORT:]PORT[/PROTOCOL], where a port may be a range.</summary>
    /// <param name="text">The argument.</param>
    /// <returns>Ports of the container (80/tcp), and where each is to be published.</returns>
    /// <exception cref="ValueException">Malformed.</exception>
    public static IReadOnlyList<(string Port, PortBinding Binding)> Parse(string text)
    {
        var (rest, protocol) = SplitProtocol(text);
        var colon = rest.LastIndexOf(':');
        var inside = rest[(colon + 1)..];
        var outside = colon < 0 ? "" : rest[..colon];
        var address = "";
        if (outside.LastIndexOf(':') is var second and >= 0)
        {
            address = outside[..second];
            outside = outside[(second + 1)..];
            address = address is ['[', .. var bare, ']'] ? bare : address;
            if (address.Length > 0)
            {
                address = AddressPrefix.TryParseAddress(address)?.ToString() ?? throw new ValueException($"invalid IP address: {address}");
            }
        }

        if (inside.Length == 0)
        {
            throw new ValueException($"no port specified: {text}<empty>");
        }

        var (first, last) = Range(inside) ?? throw new ValueException($"invalid containerPort: {inside}");
        if (outside.Length == 0)
        {
            return Ports(first, last, protocol, _ => new() { HostIp = address });
        }

        var (from, to) = Range(outside) ?? throw new ValueException($"invalid hostPort: {outside}");
        if (first == last && from != to)
        {
            // One port of the container, and a range on the host of which the first free one is taken.
            return Ports(first, last, protocol, _ => new() { HostIp = address, HostPort = outside });
        }

        return to - from == last - first
            ? Ports(first, last, protocol, port => new() { HostIp = address, HostPort = (from + port - first).ToString(CultureInfo.InvariantCulture) })
            : throw new ValueException($"invalid ranges specified for container and host Ports: {inside} and {outside}");
    }

    /// <summary>Reads PORT[/PROTOCOL], where the port may be a range.</summary>
    /// <param name="text">The argument.</param>
    /// <returns>80/tcp, and so on.</returns>
    /// <exception cref="ValueException">Malformed.</exception>
    public static IReadOnlyList<string> ParseExposed(string text)
    {
        var (ports, protocol) = SplitProtocol(text);
        if (ports.Contains(':', StringComparison.Ordinal))
        {
            throw new ValueException($"invalid port format for --expose: {text}");
        }

        var (first, last) = Range(ports) ?? throw new ValueException($"invalid range format for --expose: {text}, error: invalid port");
        List<string> result = [];
        foreach (var (port, _) in Ports(first, last, protocol, static _ => new()))
        {
            result.Add(port);
        }

        return result;
    }

    private static (string Ports, string Protocol) SplitProtocol(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 || slash == text.Length - 1 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return protocol is "tcp" or "udp" or "sctp" ? (slash < 0 ? text : text[..slash], protocol) : throw new ValueException($"invalid proto: {protocol}");
    }

    private static List<(string, PortBinding)> Ports(int first, int last, string protocol, Func<int, PortBinding> binding)
    {
        List<(string, PortBinding)> ports = [];
        for (var port = first; port <= last; port++)
        {
            ports.Add(($"{port.ToString(CultureInfo.InvariantCulture)}/{protocol}", binding(port)));
        }

        return ports;
    }

    private static (int First, int Last)? Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return ushort.TryParse(dash < 0 ? text : text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first > 0 && last >= first
            ? (first, last)
            : null;
    }
}
