using System.Net;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Names and addresses of hosts.</summary>
internal static class HostArgument
{
    /// <summary>Checks a line for /etc/hosts.</summary>
    /// <param name="text">host:address or host=address.</param>
    /// <returns>host:address.</returns>
    /// <exception cref="ValueException">Another form, or not an address.</exception>
    public static string Check(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        separator = separator < 0 ? text.IndexOf(':', StringComparison.Ordinal) : separator;
        if (separator <= 0)
        {
            throw new ValueException($"bad format for add-host: \"{text}\"");
        }

        var address = text[(separator + 1)..].Trim('[', ']');
        return IPAddress.TryParse(address, out _)
            ? $"{text[..separator]}:{address}"
            : throw new ValueException($"invalid IP address in add-host: \"{address}\"");
    }

    /// <summary>Checks an address.</summary>
    /// <param name="text">IPv4 or IPv6.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ValueException">Not an address.</exception>
    public static string CheckAddress(string text) =>
        IPAddress.TryParse(text, out var address) ? address.ToString() : throw new ValueException($"IP address is not correctly formatted: {text}");
}
