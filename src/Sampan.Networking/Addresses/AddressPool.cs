using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Networking.Addresses;

/// <summary>A range that networks without a prefix of their own get theirs from (docker's default-address-pools).</summary>
/// <param name="Range">All of it.</param>
/// <param name="PrefixLength">Length of the prefixes it is cut into.</param>
public sealed record AddressPool(IPNetwork Range, int PrefixLength)
{
    /// <summary>
    /// Private ranges in pieces of 256 addresses (RFC 1918). Not those that home routers (192.168.0.0/17), docker (172.17 to 172.31) and clouds
    /// (10.0 to 10.127) give out first: a network that comes to be later on the host's other side is the one we cannot see. Nor 10.200.0.0/24,
    /// which tutorials have people write down.
    /// </summary>
    public static IReadOnlyList<AddressPool> Default { get; } =
    [
        new(IPNetwork.Parse("10.208.0.0/13"), 24),
        new(IPNetwork.Parse("192.168.128.0/17"), 24),
        new(IPNetwork.Parse("172.16.0.0/12"), 24),
        new(IPNetwork.Parse("10.0.0.0/8"), 24),
    ];

    /// <summary>The first prefix of these pools that nobody uses.</summary>
    /// <param name="pools">Looked through in order.</param>
    /// <param name="taken">Prefixes in use: of other networks, of the host's routes and rules, of its name servers.</param>
    /// <returns>The prefix; null when all are taken.</returns>
    public static IPNetwork? Choose(IEnumerable<AddressPool> pools, IReadOnlyCollection<IPNetwork> taken)
    {
        foreach (var pool in pools)
        {
            if (pool.Choose(taken) is { } free)
            {
                return free;
            }
        }

        return null;
    }

    /// <summary>Reads docker's form: "base=10.10.0.0/16,size=24".</summary>
    /// <param name="text">The text.</param>
    /// <returns>The pool; null when it is none.</returns>
    public static AddressPool? TryParse(string text)
    {
        IPNetwork? range = null;
        var size = 0;
        foreach (var part in text.Split(','))
        {
            var (key, value) = part.Split('=') is [var left, var right] ? (left.Trim(), right.Trim()) : ("", "");
            if (key == "base" && IPNetwork.TryParse(value, out var parsed))
            {
                range = parsed;
            }
            else if (key != "size" || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size))
            {
                return null;
            }
        }

        return range is { } whole && size >= whole.PrefixLength && size <= AddressNumber.Bits(whole) - 2 ? new(whole, size) : null;
    }

    // One walk over what is taken, from the lowest up: the first gap that a whole piece fits into.
    private IPNetwork? Choose(IReadOnlyCollection<IPNetwork> taken)
    {
        var family = Range.BaseAddress.AddressFamily;
        var step = UInt128.One << (AddressNumber.Bits(Range) - PrefixLength);
        var (start, last) = (AddressNumber.Of(Range.BaseAddress), AddressNumber.Last(Range));
        foreach (var (from, to) in Taken(taken, family))
        {
            if (from > start + (step - 1))
            {
                break;
            }

            if (to < start)
            {
                continue;
            }

            var end = to | (step - 1);
            if (end >= last)
            {
                return null;
            }

            start = end + 1;
        }

        return new(AddressNumber.ToAddress(start, family), PrefixLength);
    }

    // A default route leads everywhere and takes nothing.
    private static List<(UInt128 From, UInt128 To)> Taken(IReadOnlyCollection<IPNetwork> taken, AddressFamily family)
    {
        var ranges = new List<(UInt128 From, UInt128 To)>(taken.Count);
        foreach (var network in taken)
        {
            if (network.PrefixLength > 0 && network.BaseAddress.AddressFamily == family)
            {
                ranges.Add((AddressNumber.Of(network.BaseAddress), AddressNumber.Last(network)));
            }
        }

        ranges.Sort();
        return ranges;
    }
}
