using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Zones;

/// <summary>Answers what a zone knows.</summary>
internal static class ZoneAnswer
{
    /// <summary>
    /// Answers a query in place. A name that is known has no other records than these: whatever else is asked of it is answered with none
    /// (RFC 2308, 2.2), since an asker who hears that the name does not exist asks no more (musl), or elsewhere.
    /// </summary>
    /// <param name="buffer">The query, and room.</param>
    /// <param name="query">The query.</param>
    /// <param name="limit">Most bytes of the answer.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>Bytes of the answer; 0 where the zone does not know the name.</returns>
    public static int Write(Span<byte> buffer, in DnsQuery query, int limit, NameZone zone)
    {
        if (!query.IsInternet)
        {
            return 0;
        }

        var name = query.Name(buffer);
        if (zone.TryFind(name, out var network, out var number))
        {
            var writer = new ResponseWriter(buffer, query, limit);
            if (query.Type is RecordType.Address or RecordType.Any)
            {
                AddAll(ref writer, network.Addresses4, number);
            }

            if (query.Type is RecordType.Address6 or RecordType.Any)
            {
                AddAll(ref writer, network.Addresses6, number);
            }

            return writer.Finish(ResponseCode.NoError);
        }

        Span<byte> address = stackalloc byte[16];
        return ReverseName.TryRead(name, address, out var length) ? WriteName(buffer, query, limit, zone.NameOf(address[..length])) : 0;
    }

    private static int WriteName(Span<byte> buffer, in DnsQuery query, int limit, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        var writer = new ResponseWriter(buffer, query, limit);
        if (query.Type is RecordType.Pointer or RecordType.Any)
        {
            writer.TryAddPointer(name);
        }

        return writer.Finish(ResponseCode.NoError);
    }

    private static void AddAll(ref ResponseWriter writer, AddressList addresses, int number)
    {
        var count = addresses.Count(number);
        if (count == 0)
        {
            return;
        }

        var turn = addresses.NextTurn(number);
        var index = 0;
        while (index < count && writer.TryAddAddress(addresses[number, (turn + index) % count]))
        {
            index++;
        }
    }
}
