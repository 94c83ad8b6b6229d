using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Networking.Addresses;

/// <summary>Prefixes and addresses as people write them (RFC 4632, 3.1; RFC 4291, 2.3).</summary>
public static class AddressPrefix
{
    /// <summary>Reads "10.200.0.1/24": what stands beyond the prefix's bits is left out, since the usual way to write a network down is by its gateway.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The prefix; null when it is none.</returns>
    public static IPNetwork? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || TryParseAddress(text[..slash]) is not { } address
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return null;
        }

        return Of(address, length);
    }

    /// <summary>Reads an address. IPAddress alone would take "1" and "1.2" for addresses (inet_aton(3)).</summary>
    /// <param name="text">The text.</param>
    /// <returns>The address; null when it is none.</returns>
    public static IPAddress? TryParseAddress(string text) =>
        (text.Contains(':', StringComparison.Ordinal) ? !text.AsSpan().ContainsAny('[', '%') : text.AsSpan().Count('.') == 3)
        && IPAddress.TryParse(text, out var address)
            ? address
            : null;

    /// <summary>The prefix that an address is in.</summary>
    /// <param name="address">The address.</param>
    /// <param name="length">Bits of the prefix.</param>
    /// <returns>The prefix.</returns>
    public static IPNetwork Of(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(bytes), length);
    }

    /// <summary>Whether two prefixes have an address in common.</summary>
    /// <param name="one">A prefix.</param>
    /// <param name="other">Another.</param>
    /// <returns>True when they have.</returns>
    public static bool Overlap(IPNetwork one, IPNetwork other) =>
        one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));
}
