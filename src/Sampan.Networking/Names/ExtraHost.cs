using System.Net;
using Sampan.Linux;

namespace Sampan.Networking.Names;

/// <summary>A name and its address, as --add-host gives them.</summary>
/// <param name="Name">Host name.</param>
/// <param name="Address">IPv4 or IPv6 address.</param>
public readonly record struct ExtraHost(string Name, string Address)
{
    /// <summary>The word that stands for the host's address as the container reaches it.</summary>
    public const string Gateway = "host-gateway";

    /// <summary>Reads name:address or name=address; an IPv6 address may stand in brackets.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="gateway">The host's address as the container reaches it, which the word host-gateway stands for; null where it does not.</param>
    /// <returns>The pair.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: malformed; <see cref="ErrorKind.Unavailable"/>: host-gateway, where there is no bridge.
    /// </exception>
    public static ExtraHost Parse(string text, string? gateway = null)
    {
        var separator = text.AsSpan().IndexOfAny(':', '=');
        if (separator <= 0 || separator == text.Length - 1 || text.AsSpan().ContainsAny("\r\n\t #"))
        {
            throw SampanException.InvalidArgument($"bad format for add-host: \"{text}\"");
        }

        var address = text[(separator + 1)..];
        if (address == Gateway)
        {
            return gateway is null
                ? throw SampanException.Unavailable($"add-host \"{text}\": host-gateway needs a bridge network; give the address itself")
                : new(text[..separator], gateway);
        }

        var bare = address is ['[', .., ']'] ? address[1..^1] : address;

        // TryParse alone would take "1" and "1.2" for addresses (inet_aton(3)).
        var isWhole = bare.Contains(':', StringComparison.Ordinal) || bare.AsSpan().Count('.') == 3;
        return isWhole && IPAddress.TryParse(bare, out _)
            ? new(text[..separator], bare)
            : throw SampanException.InvalidArgument($"invalid IP address in add-host: \"{address}\"");
    }
}
