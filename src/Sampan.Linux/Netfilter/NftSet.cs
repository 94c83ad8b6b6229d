using System.Text;

namespace Sampan.Linux.Netfilter;

/// <summary>A named set, or a map where it has values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Types that a key is made of.</param>
/// <param name="Value">Types that a value is made of; empty for a set.</param>
/// <param name="Intervals">Whether keys are ranges.</param>
public sealed record NftSet(string Name, IReadOnlyList<NftType> Key, IReadOnlyList<NftType> Value, bool Intervals = false)
{
    /// <summary>IFNAMSIZ.</summary>
    private const int InterfaceNameLength = 16;

    /// <summary>Bytes of a key; each part takes whole registers of four bytes.</summary>
    internal int KeyLength => LengthOf(Key);

    /// <summary>Bytes of a value.</summary>
    internal int ValueLength => LengthOf(Value);

    /// <summary>The key's type as nft(8) numbers it: six bits for each part.</summary>
    internal uint KeyType => TypeOf(Key);

    /// <summary>The value's type, as <see cref="KeyType"/>.</summary>
    internal uint ValueType => TypeOf(Value);

    /// <summary>Puts the parts of a key or a value one after the other, each filled up to whole registers.</summary>
    /// <param name="parts">Bytes in network order; names of devices as text.</param>
    /// <returns>The bytes.</returns>
    public static byte[] Join(params ReadOnlySpan<byte[]> parts)
    {
        var result = new List<byte>(24);
        foreach (var part in parts)
        {
            result.AddRange(part);
            while (result.Count % 4 != 0)
            {
                result.Add(0);
            }
        }

        return [.. result];
    }

    /// <summary>A device's name as a key has it: NULs up to IFNAMSIZ.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Sixteen bytes.</returns>
    public static byte[] InterfaceName(string name)
    {
        var bytes = new byte[InterfaceNameLength];
        Encoding.UTF8.GetBytes(name, bytes);
        return bytes;
    }

    /// <summary>Bytes of one part of a key or value.</summary>
    internal static int LengthOf(NftType type) => type switch
    {
        NftType.Protocol => 1,
        NftType.Service => 2,
        NftType.Ipv4Address => 4,
        NftType.Ipv6Address => 16,
        NftType.InterfaceName => InterfaceNameLength,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type"),
    };

    private static int LengthOf(IReadOnlyList<NftType> parts)
    {
        if (parts.Count == 1)
        {
            return LengthOf(parts[0]);
        }

        var length = 0;
        foreach (var part in parts)
        {
            length += (LengthOf(part) + 3) & ~3;
        }

        return length;
    }

    private static uint TypeOf(IReadOnlyList<NftType> parts)
    {
        uint type = 0;
        foreach (var part in parts)
        {
            type = (type << 6) | (uint)part;
        }

        return type;
    }
}
