using Sampan.Networking.Dns.Connections;
using Sampan.Networking.Dns.Forwarding;
using Sampan.Networking.Dns.Messages;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Dns;

/// <summary>What is done with a query, however it came: the zone answers, or other servers do.</summary>
/// <param name="zone">The zone as it is now.</param>
/// <param name="forwarder">Who asks other servers.</param>
internal sealed class NameResponder(Func<NameZone> zone, Forwarder forwarder)
{
    /// <summary>Bytes of the longest query that is read: a name has 255, and what EDNS adds is filled up to a multiple of 128 (RFC 8467).</summary>
    public const int LongestQuery = 2048;

    private const int LongestAnswer = ushort.MaxValue;

    /// <summary>There are no names but the zone's.</summary>
    public bool IsInternal { get; set; }

    /// <summary>Names without a dot that nobody here has are answered with no address, and not forwarded.</summary>
    public bool KeepsSingleLabels { get; set; }

    /// <summary>Answers in place, or forwards.</summary>
    /// <param name="buffer">What came, and room.</param>
    /// <param name="length">Bytes that came.</param>
    /// <param name="asker">Whose datagram it was, as a struct sockaddr.</param>
    /// <param name="connection">By which connection it came, where it was no datagram.</param>
    /// <returns>Bytes of the answer; 0 where there is none, or none yet.</returns>
    public int Respond(Span<byte> buffer, int length, ReadOnlySpan<byte> asker, NameConnection? connection)
    {
        var message = buffer[..length];
        var verdict = DnsQuery.Read(message, out var query);
        switch (verdict)
        {
            case QueryVerdict.Silence:
                return 0;
            case QueryVerdict.NotImplemented:
                return ResponseWriter.Reject(buffer, ResponseCode.NotImplemented);
            case QueryVerdict.BadVersion:
                return ResponseWriter.WriteEmpty(buffer, query, ResponseCode.BadVersion);
            case QueryVerdict.FormatError:
            case QueryVerdict.Answer when length > LongestQuery:
                return ResponseWriter.Reject(buffer, ResponseCode.FormatError);
        }

        var answer = ZoneAnswer.Write(buffer, query, connection is null ? query.DatagramLimit : LongestAnswer, zone());
        if (answer > 0)
        {
            return answer;
        }

        if (KeepsSingleLabels && IsAddressOfSingleLabel(buffer, query))
        {
            return ResponseWriter.WriteEmpty(buffer, query, ResponseCode.NoError);
        }

        var code = IsInternal ? ResponseCode.NameError : forwarder.TryBegin(message, query, asker, connection);
        return code is { } known ? ResponseWriter.WriteEmpty(buffer, query, known) : 0;
    }

    private static bool IsAddressOfSingleLabel(ReadOnlySpan<byte> message, in DnsQuery query)
    {
        var name = query.Name(message);
        return query.Type is RecordType.Address or RecordType.Address6 && name.Length > 1 && name.Length == name[0] + 2;
    }
}
