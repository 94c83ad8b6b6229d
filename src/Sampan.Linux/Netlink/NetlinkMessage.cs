using System.Buffers.Binary;
using System.Text;

namespace Sampan.Linux.Netlink;

/// <summary>A request to the kernel: header, a family's structure, attributes (netlink(7)). Numbers are in the machine's byte order, which
/// is little-endian wherever this runs.</summary>
internal sealed class NetlinkMessage
{
    /// <summary>sizeof(struct nlmsghdr).</summary>
    public const int HeaderLength = 16;

    private readonly List<byte> _bytes = new(128);

    /// <summary>Begins a request.</summary>
    /// <param name="type">RTM_ number.</param>
    /// <param name="flags">NLM_F_ bits besides NLM_F_REQUEST.</param>
    public NetlinkMessage(ushort type, ushort flags)
    {
        Type = type;
        Flags = flags;
        _bytes.AddRange(new byte[HeaderLength]);
    }

    /// <summary>RTM_ number.</summary>
    public ushort Type { get; }

    /// <summary>NLM_F_ bits.</summary>
    public ushort Flags { get; }

    /// <summary>Adds raw bytes: the family's structure.</summary>
    public NetlinkMessage Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds an attribute, padded to four bytes (rtnetlink(3)).</summary>
    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], type);
        _bytes.AddRange(head);
        _bytes.AddRange(value);
        while (_bytes.Count % 4 != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    /// <summary>Adds a NUL-terminated text.</summary>
    public NetlinkMessage Attribute(ushort type, string text) => Attribute(type, Encoding.UTF8.GetBytes(text + '\0'));

    /// <summary>Adds a 32-bit number.</summary>
    public NetlinkMessage Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>The finished message.</summary>
    /// <param name="sequence">Number that the answers repeat.</param>
    public byte[] Finish(uint sequence)
    {
        var result = _bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(result, result.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(4), Type);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(6), (ushort)(Flags | 1));
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(8), sequence);
        return result;
    }
}
