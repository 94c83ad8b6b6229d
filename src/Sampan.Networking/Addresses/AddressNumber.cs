using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Networking.Addresses;

/// <summary>Addresses as numbers, to count with: IPv4 in the low 32 bits, IPv6 in all.</summary>
internal static class AddressNumber
{
    /// <summary>The number of an address.</summary>
    public static UInt128 Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(bytes);
    }

    /// <summary>Bits of an address: 32 or 128.</summary>
    public static int Bits(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>Addresses of a prefix, less one: 255 for a /24.</summary>
    public static UInt128 Span(IPNetwork network)
    {
        var hostBits = Bits(network) - network.PrefixLength;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }

    /// <summary>The last address of a prefix.</summary>
    public static UInt128 Last(IPNetwork network) => Of(network.BaseAddress) + Span(network);
}
