using System.Globalization;
using System.Net;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>Where a syslog listens: udp://, tcp://, unix:// and unixgram:// as docker writes them.</summary>
/// <param name="IsStream">Lines follow each other in a stream; a datagram has one.</param>
/// <param name="Peer">Its address.</param>
/// <param name="Text">As docker's dialler writes it: "tcp 127.0.0.1:514".</param>
internal sealed record SyslogAddress(bool IsStream, PeerAddress Peer, string Text)
{
    private static readonly string[] LocalSockets = ["/dev/log", "/var/run/syslog", "/var/run/log"];

    /// <summary>Reads an address.</summary>
    /// <param name="text">Option syslog-address; empty is the host's own syslog.</param>
    /// <returns>What may be tried, in this order.</returns>
    /// <exception cref="SampanException">InvalidArgument: not an address.</exception>
    public static IReadOnlyList<SyslogAddress> Parse(string text)
    {
        if (text.Length == 0)
        {
            return [.. LocalSockets.SelectMany(path => (SyslogAddress[])[Local(path, isStream: false), Local(path, isStream: true)])];
        }

        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator];
        var rest = separator < 0 ? "" : text[(separator + 3)..];
        return scheme switch
        {
            "unix" or "unixgram" => [Existing(rest, scheme == "unix")],
            "udp" or "tcp" => [Internet(scheme, rest)],
            "tcp+tls" => throw SampanException.InvalidArgument($"syslog-address {text}: syslog over TLS is not supported: send to a local forwarder"),
            _ => throw SampanException.InvalidArgument($"syslog-address should be in form proto://address, got {text}"),
        };
    }

    private static SyslogAddress Local(string path, bool isStream) => new(isStream, PeerAddress.Unix(path), $"{(isStream ? "unix" : "unixgram")} {path}");

    private static SyslogAddress Existing(string path, bool isStream) => FileDescriptor.TryStatus(path) is null
        ? throw SampanException.InvalidArgument($"stat {path}: no such file or directory")
        : Local(path, isStream);

    private static SyslogAddress Internet(string scheme, string text)
    {
        var host = text.TrimEnd('/');
        var port = 514;
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']') && (host.StartsWith('[') || host.IndexOf(':', StringComparison.Ordinal) == colon))
        {
            port = int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 65536
                ? given
                : throw SampanException.InvalidArgument($"syslog-address {scheme}://{text}: invalid port {host[(colon + 1)..]}");
            host = host[..colon];
        }

        host = host.Trim('[', ']');
        var address = IPAddress.TryParse(host, out var numeric) ? numeric : HostAddress.Find(host);
        return address is null
            ? throw SampanException.InvalidArgument($"syslog-address {scheme}://{text}: {host} is not in /etc/hosts: give its address")
            : new(scheme == "tcp", PeerAddress.Internet(address, port), $"{scheme} {address}:{port.ToString(CultureInfo.InvariantCulture)}");
    }
}
