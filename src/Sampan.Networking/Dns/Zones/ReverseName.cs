using System.Buffers.Text;
using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Zones;

/// <summary>Addresses that are asked for as names: 4.3.2.1.in-addr.arpa (RFC 1035, 3.5), and 32 digits before ip6.arpa (RFC 3596, 2.5).</summary>
internal static class ReverseName
{
    private const int Digits = 32;

    /// <summary>Reads one.</summary>
    /// <param name="name">As a message has it, in any case.</param>
    /// <param name="address">Room for sixteen bytes.</param>
    /// <param name="length">How many the address has: 4 or 16.</param>
    /// <returns>False where it is no whole address.</returns>
    public static bool TryRead(ReadOnlySpan<byte> name, Span<byte> address, out int length)
    {
        length = 4;
        return TryReadVersion4(name, address) || TryReadVersion6(name, address, out length);
    }

    private static bool TryReadVersion4(ReadOnlySpan<byte> name, Span<byte> address)
    {
        for (var index = 3; index >= 0; index--)
        {
            if (!TryTakeLabel(ref name, out var label) || !Utf8Parser.TryParse(label, out byte value, out var used) || used != label.Length)
            {
                return false;
            }

            address[index] = value;
        }

        return WireName.AreEqual(name, "\u0007in-addr\u0004arpa\0"u8);
    }

    private static bool TryReadVersion6(ReadOnlySpan<byte> name, Span<byte> address, out int length)
    {
        length = 16;
        for (var index = Digits - 1; index >= 0; index--)
        {
            if (!TryTakeLabel(ref name, out var label) || label.Length != 1 || !char.IsAsciiHexDigit((char)label[0]))
            {
                return false;
            }

            var digit = (byte)(label[0] <= (byte)'9' ? label[0] - '0' : (label[0] | 0x20) - 'a' + 10);

            // The last digit comes first: the low half of the last byte, then its high half.
            address[index / 2] = index % 2 == 1 ? digit : (byte)(address[index / 2] | (digit << 4));
        }

        return WireName.AreEqual(name, "\u0003ip6\u0004arpa\0"u8);
    }

    private static bool TryTakeLabel(ref ReadOnlySpan<byte> name, out ReadOnlySpan<byte> label)
    {
        int length = name[0];
        label = length == 0 ? default : name.Slice(1, length);
        name = length == 0 ? name : name[(length + 1)..];
        return length > 0;
    }
}
