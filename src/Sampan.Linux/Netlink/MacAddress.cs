using System.Globalization;
using System.Security.Cryptography;

namespace Sampan.Linux.Netlink;

/// <summary>The address of an Ethernet device (IEEE 802: 48 bits).</summary>
/// <param name="Value">The bits, the first byte highest.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 6;

    private const ulong LocallyAdministered = 0x0200_0000_0000;
    private const ulong Multicast = 0x0100_0000_0000;

    /// <summary>An address of nobody's: random, locally administered, for one device.</summary>
    public static MacAddress Random()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new((FromBytes(bytes).Value & ~Multicast) | LocallyAdministered);
    }

    /// <summary>Reads six bytes.</summary>
    /// <param name="bytes">At least six.</param>
    public static MacAddress FromBytes(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var part in bytes[..Length])
        {
            value = (value << 8) | part;
        }

        return new(value);
    }

    /// <summary>Reads "02:42:ac:11:00:02", also with dashes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, when it is one.</param>
    /// <returns>Whether it is one that a device can have: six pairs of hexadecimal digits, not multicast, not zero.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != (Length * 3) - 1)
        {
            return false;
        }

        ulong value = 0;
        for (var at = 0; at < text.Length; at += 3)
        {
            if (!byte.TryParse(text.Slice(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var part)
                || (at + 2 < text.Length && (text[at + 2] is not (':' or '-') || text[at + 2] != text[2])))
            {
                return false;
            }

            value = (value << 8) | part;
        }

        address = new(value);
        return value != 0 && (value & Multicast) == 0;
    }

    /// <summary>Writes six bytes.</summary>
    /// <param name="bytes">At least six.</param>
    public void CopyTo(Span<byte> bytes)
    {
        for (var at = 0; at < Length; at++)
        {
            bytes[at] = (byte)(Value >> (8 * (Length - 1 - at)));
        }
    }

    /// <summary>As the kernel writes it: "02:42:ac:11:00:02".</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return string.Create(
            CultureInfo.InvariantCulture, $"{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}:{bytes[4]:x2}:{bytes[5]:x2}");
    }
}
