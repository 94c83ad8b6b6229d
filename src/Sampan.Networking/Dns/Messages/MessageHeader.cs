using System.Buffers.Binary;

namespace Sampan.Networking.Dns.Messages;

/// <summary>The first twelve bytes of a message: id, flags, and how many questions and records follow (RFC 1035, 4.1.1).</summary>
internal static class MessageHeader
{
    /// <summary>Its length, and where the first question is.</summary>
    public const int Length = 12;

    /// <summary>QR: an answer, not a question.</summary>
    public const ushort Response = 0x8000;

    /// <summary>The four bits of the operation; 0 is a query.</summary>
    public const ushort Operation = 0x7800;

    /// <summary>TC: more than there was room for.</summary>
    public const ushort Truncated = 0x0200;

    /// <summary>RD: the asker wants the whole answer.</summary>
    public const ushort RecursionDesired = 0x0100;

    /// <summary>RA: and gets it here.</summary>
    public const ushort RecursionAvailable = 0x0080;

    /// <summary>CD: the asker checks signatures himself (RFC 4035, 3.2.2).</summary>
    public const ushort CheckingDisabled = 0x0010;

    private const ushort Code = 0x000F;

    public static ushort Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    public static void SetId(Span<byte> message, ushort id) => BinaryPrimitives.WriteUInt16BigEndian(message, id);

    public static ushort Flags(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    /// <summary>How the query went, without the bits that EDNS adds.</summary>
    public static ResponseCode CodeOf(ReadOnlySpan<byte> message) => (ResponseCode)(Flags(message) & Code);

    public static int Questions(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[4..]);

    /// <summary>Records of all three sections.</summary>
    public static int Records(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadUInt16BigEndian(message[6..])
        + BinaryPrimitives.ReadUInt16BigEndian(message[8..])
        + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);

    /// <summary>Writes all of it but the id, which stays.</summary>
    public static void Write(Span<byte> message, ushort flags, ResponseCode code, int questions, int answers, int additional)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(flags | ((int)code & Code)));
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], (ushort)additional);
    }
}
