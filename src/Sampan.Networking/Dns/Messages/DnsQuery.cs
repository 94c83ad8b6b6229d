using System.Buffers.Binary;

namespace Sampan.Networking.Dns.Messages;

/// <summary>A query that was read. It keeps no bytes: the question's stay where they are in the message.</summary>
internal readonly record struct DnsQuery
{
    /// <summary>The class of everything that is asked on the internet.</summary>
    public const ushort Internet = 1;

    /// <summary>Bytes that every asker takes in a datagram (RFC 1035, 4.2.1).</summary>
    public const int SmallestLimit = 512;

    private const ushort AnyClass = 255;
    private const int RecordTail = 10;

    /// <summary>Flags of the header.</summary>
    public ushort Flags { get; private init; }

    /// <summary>Bytes of the name, from <see cref="MessageHeader.Length"/> on, its zero with them.</summary>
    public int NameLength { get; private init; }

    /// <summary>What is asked of it.</summary>
    public RecordType Type { get; private init; }

    /// <summary>The name's class.</summary>
    public ushort Class { get; private init; }

    /// <summary>The asker speaks EDNS, so the answer does (RFC 6891, 6.1.1).</summary>
    public bool HasEdns { get; private init; }

    /// <summary>Bytes the asker takes in a datagram (RFC 6891, 6.2.3).</summary>
    public int DatagramLimit { get; private init; }

    /// <summary>Whether names of the internet are asked for, or of any class.</summary>
    public bool IsInternet => Class is Internet or AnyClass;

    /// <summary>Where the question ends.</summary>
    public int QuestionEnd => MessageHeader.Length + NameLength + 4;

    /// <summary>Reads a message. Nothing that is in it throws.</summary>
    /// <param name="message">What came.</param>
    /// <param name="query">What it asks; whole where the verdict is to answer, or that the version is wrong.</param>
    /// <returns>What to do.</returns>
    public static QueryVerdict Read(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        query = default;
        if (message.Length < 4 || (MessageHeader.Flags(message) & MessageHeader.Response) != 0)
        {
            return QueryVerdict.Silence;
        }

        if (message.Length < MessageHeader.Length)
        {
            return QueryVerdict.FormatError;
        }

        var flags = MessageHeader.Flags(message);
        if ((flags & MessageHeader.Operation) != 0)
        {
            return QueryVerdict.NotImplemented;
        }

        // One question is a query (RFC 9619). Its name can point nowhere: there is none before it.
        var offset = MessageHeader.Length;
        if (MessageHeader.Questions(message) != 1 || !WireName.TrySkip(message, ref offset) || offset + 4 > message.Length)
        {
            return QueryVerdict.FormatError;
        }

        query = new()
        {
            Flags = flags,
            NameLength = offset - MessageHeader.Length,
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[offset..]),
            Class = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]),
            DatagramLimit = SmallestLimit,
        };
        return ReadRecords(message, offset + 4, ref query);
    }

    /// <summary>The name, as it was asked for.</summary>
    /// <param name="message">The message this was read from.</param>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> message) => message.Slice(MessageHeader.Length, NameLength);

    private static QueryVerdict ReadRecords(ReadOnlySpan<byte> message, int offset, ref DnsQuery query)
    {
        var version = 0;
        for (var left = MessageHeader.Records(message); left > 0; left--)
        {
            // A record: name, type, class, time to live, length, so many bytes.
            var start = offset;
            if (!WireName.TrySkip(message, ref offset) || offset + RecordTail > message.Length)
            {
                return QueryVerdict.FormatError;
            }

            var fields = message[offset..];
            offset += RecordTail + BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
            if (offset > message.Length)
            {
                return QueryVerdict.FormatError;
            }

            if ((RecordType)BinaryPrimitives.ReadUInt16BigEndian(fields) != RecordType.Option)
            {
                continue;
            }

            // Its name is the root, and there is one at most (RFC 6891, 6.1.1); the class is a size, the second byte of the time a version.
            if (message[start] != 0 || query.HasEdns)
            {
                return QueryVerdict.FormatError;
            }

            version = fields[5];
            query = query with { HasEdns = true, DatagramLimit = Math.Max(SmallestLimit, (int)BinaryPrimitives.ReadUInt16BigEndian(fields[2..])) };
        }

        if (offset != message.Length)
        {
            return QueryVerdict.FormatError;
        }

        return version == 0 ? QueryVerdict.Answer : QueryVerdict.BadVersion;
    }
}
