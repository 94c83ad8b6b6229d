using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sampan.Linux.Netlink;

/// <summary>A request to the kernel: header, a family's structure, attributes (netlink(7)). Numbers are in the machine's byte order, which
/// is little-endian wherever this runs; what a packet has in its own order (addresses, ports, all of nf_tables) is added as big-endian.</summary>
public sealed class NetlinkMessage
{
    /// <summary>sizeof(struct nlmsghdr).</summary>
    internal const int HeaderLength = 16;

    /// <summary>NLM_F_ACK: an answer even where all went well.</summary>
    internal const ushort Acknowledge = 4;

    /// <summary>NLM_F_DUMP: all objects of a kind.</summary>
    internal const ushort Dump = 0x300;

    /// <summary>NLM_F_EXCL: not where it is there already.</summary>
    internal const ushort Exclusive = 0x200;

    /// <summary>NLM_F_CREATE: make it where it is not there.</summary>
    internal const ushort Create = 0x400;

    private const ushort Request = 1;
    private const ushort NestedFlag = 0x8000;

    private readonly List<byte> _bytes = new(192);
    private readonly Stack<int> _open = [];

    /// <summary>Begins a request.</summary>
    /// <param name="type">Number of the request within the family of the socket.</param>
    /// <param name="flags">NLM_F_ bits besides NLM_F_REQUEST.</param>
    /// <param name="operation">What it does, as a verb phrase: for errors, and for those who ask what was done.</param>
    /// <param name="target">What it does it to.</param>
    internal NetlinkMessage(ushort type, ushort flags, string operation, string target)
    {
        Type = type;
        Flags = flags;
        Operation = operation;
        Target = target;
        _bytes.AddRange(new byte[HeaderLength]);
    }

    /// <summary>What it does: "make bridge".</summary>
    public string Operation { get; }

    /// <summary>What it does it to: "sampan0".</summary>
    public string Target { get; }

    /// <summary>Number of the request.</summary>
    internal ushort Type { get; }

    /// <summary>NLM_F_ bits.</summary>
    internal ushort Flags { get; }

    /// <summary>Adds raw bytes: the family's structure.</summary>
    internal NetlinkMessage Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds an attribute, padded to four bytes (rtnetlink(3)).</summary>
    internal NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
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
    internal NetlinkMessage Attribute(ushort type, string text) => Attribute(type, Encoding.UTF8.GetBytes(text + '\0'));

    /// <summary>Adds a 32-bit number.</summary>
    internal NetlinkMessage Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Adds a 32-bit number in network order.</summary>
    internal NetlinkMessage BigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Opens an attribute that has attributes; <see cref="End"/> closes it.</summary>
    /// <param name="type">Its type.</param>
    internal NetlinkMessage Begin(ushort type)
    {
        _open.Push(_bytes.Count);
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)(type | NestedFlag));
        _bytes.AddRange(head);
        return this;
    }

    /// <summary>Closes the attribute that was opened last.</summary>
    internal NetlinkMessage End()
    {
        var start = _open.Pop();
        BinaryPrimitives.WriteUInt16LittleEndian(CollectionsMarshal.AsSpan(_bytes)[start..], (ushort)(_bytes.Count - start));
        return this;
    }

    /// <summary>The finished message.</summary>
    /// <param name="sequence">Number that the answers repeat.</param>
    /// <param name="acknowledge">Whether an answer is wanted in any case.</param>
    internal byte[] Finish(uint sequence, bool acknowledge = false)
    {
        var result = _bytes.ToArray();
        var flags = Flags | Request | (acknowledge ? Acknowledge : 0);
        BinaryPrimitives.WriteInt32LittleEndian(result, result.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(4), Type);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(6), (ushort)flags);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(8), sequence);
        return result;
    }
}
