using System.Globalization;
using Sampan.Engine.Networks;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>
/// A network as --network names it: NAME, or name=NAME,alias=ALIAS,ip=ADDRESS,ip6=ADDRESS,link-local-ip=ADDRESS,mac-address=ADDRESS,driver-opt=NAME=VALUE,gw-priority=NUMBER.
/// </summary>
internal static class NetworkArgument
{
    /// <summary>Reads it, in docker's words where it makes no sense.</summary>
    /// <param name="text">The argument.</param>
    /// <returns>The network, and how the container is to be on it.</returns>
    /// <exception cref="ValueException">Malformed.</exception>
    public static EndpointSettings Parse(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            return new() { Network = text };
        }

        var settings = new EndpointSettings();
        foreach (var field in FieldList.Split(text))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ValueException($"invalid field {field}");
            }

            var (key, value) = (field[..equals].Trim().ToLowerInvariant(), field[(equals + 1)..].Trim());
            settings = key switch
            {
                "name" => settings with { Network = value },
                "alias" => settings with { Aliases = [.. settings.Aliases ?? [], value] },
                "ip" => settings with { IPv4Address = value },
                "ip6" => settings with { IPv6Address = value },
                "mac-address" => settings with { MacAddress = value },
                "link-local-ip" => settings with { LinkLocalIPs = [.. settings.LinkLocalIPs ?? [], value] },
                "driver-opt" => settings with { DriverOpts = Add(settings.DriverOpts, value) },
                "gw-priority" => settings with { GwPriority = Priority(value) },
                _ => throw new ValueException($"invalid field key {key}"),
            };
        }

        return settings.Network.Length > 0 ? settings : throw new ValueException("network name/id is not specified");
    }

    private static Dictionary<string, string> Add(IReadOnlyDictionary<string, string>? options, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? text[..equals].Trim().ToLowerInvariant() : throw new ValueException("invalid key value pair format in driver options");
        return new(options ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal) { [name] = text[(equals + 1)..].Trim() };
    }

    private static long Priority(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
        ? priority
        : throw new ValueException($"invalid gw-priority ({text}): invalid syntax");
}
