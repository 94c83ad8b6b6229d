using System.Buffers.Binary;

namespace Sampan.Networking.Dns.Messages;

/// <summary>
/// Makes an answer where the query is: id and question stay, records follow the question. What does not fit is left out, and the header
/// says so (TC), upon which the asker comes by TCP.
/// </summary>
internal ref struct ResponseWriter
{
    /// <summary>Seconds an answer may be kept; docker's.</summary>
    public const int TimeToLive = 600;

    /// <summary>Bytes this server takes in a datagram, as EDNS tells the asker: what no path cuts up.</summary>
    public const int DatagramLimit = 1232;

    private const int OptionLength = 11;
    private const int RecordHead = 12;
    private const ushort QuestionPointer = 0xC000 | MessageHeader.Length;

    private readonly Span<byte> _buffer;
    private readonly DnsQuery _query;
    private readonly int _limit;
    private int _length;
    private int _answers;
    private bool _isTruncated;

    /// <summary>Begins after the question.</summary>
    /// <param name="buffer">The query, and room.</param>
    /// <param name="query">The query.</param>
    /// <param name="limit">Most bytes of the answer.</param>
    public ResponseWriter(Span<byte> buffer, in DnsQuery query, int limit)
    {
        _buffer = buffer;
        _query = query;
        _limit = Math.Min(limit, buffer.Length) - (query.HasEdns ? OptionLength : 0);
        _length = query.QuestionEnd;
    }

    /// <summary>Answers a message that is no query to answer: with its id, and no question.</summary>
    /// <param name="buffer">The message, and room for twelve bytes.</param>
    /// <param name="code">What is wrong.</param>
    /// <returns>Bytes of the answer.</returns>
    public static int Reject(Span<byte> buffer, ResponseCode code)
    {
        var flags = MessageHeader.Flags(buffer) & (MessageHeader.Operation | MessageHeader.RecursionDesired);
        MessageHeader.Write(buffer, (ushort)(flags | MessageHeader.Response), code, 0, 0, 0);
        return MessageHeader.Length;
    }

    /// <summary>Answers a query without a record.</summary>
    /// <param name="buffer">The query, and room for eleven bytes where it has EDNS.</param>
    /// <param name="query">The query.</param>
    /// <param name="code">How it went.</param>
    /// <returns>Bytes of the answer.</returns>
    public static int WriteEmpty(Span<byte> buffer, in DnsQuery query, ResponseCode code) => new ResponseWriter(buffer, query, buffer.Length).Finish(code);

    /// <summary>Adds an address of the name that is asked for.</summary>
    /// <param name="address">Four or sixteen bytes.</param>
    /// <returns>False where it does not fit.</returns>
    public bool TryAddAddress(ReadOnlySpan<byte> address) => TryAdd(address.Length == 4 ? RecordType.Address : RecordType.Address6, address);

    /// <summary>Adds the name of the address that is asked for.</summary>
    /// <param name="name">Without pointers.</param>
    /// <returns>False where it does not fit.</returns>
    public bool TryAddPointer(ReadOnlySpan<byte> name) => TryAdd(RecordType.Pointer, name);

    /// <summary>Writes the header, and what EDNS asks for.</summary>
    /// <param name="code">How it went.</param>
    /// <returns>Bytes of the answer.</returns>
    public int Finish(ResponseCode code)
    {
        var flags = _query.Flags & (MessageHeader.RecursionDesired | MessageHeader.CheckingDisabled);
        flags |= MessageHeader.Response | MessageHeader.RecursionAvailable | (_isTruncated ? MessageHeader.Truncated : 0);
        MessageHeader.Write(_buffer, (ushort)flags, code, 1, _answers, _query.HasEdns ? 1 : 0);
        if (_query.HasEdns)
        {
            // Root, OPT, size; then the upper bits of the code, the version and flags, and no options.
            var option = _buffer.Slice(_length, OptionLength);
            option.Clear();
            BinaryPrimitives.WriteUInt16BigEndian(option[1..], (ushort)RecordType.Option);
            BinaryPrimitives.WriteUInt16BigEndian(option[3..], DatagramLimit);
            option[5] = (byte)((int)code >> 4);
            _length += OptionLength;
        }

        return _length;
    }

    private bool TryAdd(RecordType type, ReadOnlySpan<byte> data)
    {
        if (_isTruncated || _length + RecordHead + data.Length > _limit)
        {
            _isTruncated = true;
            return false;
        }

        var record = _buffer[_length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, QuestionPointer);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], DnsQuery.Internet);
        BinaryPrimitives.WriteInt32BigEndian(record[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[RecordHead..]);
        _length += RecordHead + data.Length;
        _answers++;
        return true;
    }
}
