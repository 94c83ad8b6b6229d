using System.Net;

namespace Sampan.Networking.Addresses;

/// <summary>The addresses of a network that containers can have.</summary>
/// <param name="Subnet">The network's prefix.</param>
/// <param name="Range">Where addresses are given out by themselves; null for the whole prefix.</param>
/// <param name="Gateway">The bridge's own.</param>
/// <param name="Reserved">Those of others on the network (--aux-address).</param>
public sealed record AddressRange(IPNetwork Subnet, IPNetwork? Range, IPAddress? Gateway, IReadOnlyCollection<IPAddress> Reserved)
{
    /// <summary>The first address that a bridge can have: the prefix's first after its name.</summary>
    /// <param name="subnet">The prefix.</param>
    /// <returns>The address.</returns>
    public static IPAddress FirstOf(IPNetwork subnet) =>
        AddressNumber.ToAddress(AddressNumber.Of(subnet.BaseAddress) + (AddressNumber.Span(subnet) > 1 ? 1U : 0U), subnet.BaseAddress.AddressFamily);

    /// <summary>Whether an address is one that a container can be given when it asks for it.</summary>
    /// <param name="address">The address.</param>
    /// <returns>False for the prefix's first and last address, the gateway, reserved ones and those of elsewhere.</returns>
    public bool CanBeGiven(IPAddress address) =>
        address.AddressFamily == Subnet.BaseAddress.AddressFamily && Subnet.Contains(address) && !IsSetApart(AddressNumber.Of(address));

    /// <summary>The next free address.</summary>
    /// <param name="taken">Those that are given out.</param>
    /// <param name="after">The one given out last: an address that was just freed is not given again at once, because others still have it in
    /// their caches. Null to begin at the range's start.</param>
    /// <returns>The address; null when all are given out.</returns>
    public IPAddress? Next(IReadOnlySet<IPAddress> taken, IPAddress? after)
    {
        var range = Range ?? Subnet;
        var (first, last) = (AddressNumber.Of(range.BaseAddress), AddressNumber.Last(range));
        var start = after is not null && range.Contains(after) && AddressNumber.Of(after) < last ? AddressNumber.Of(after) + 1 : first;

        // Of taken.Count + set apart + 1 addresses one at least is free, if there are so many.
        var tries = (UInt128)(uint)(taken.Count + Reserved.Count + 4);
        for (var number = start; tries > 0; tries--)
        {
            var address = AddressNumber.ToAddress(number, Subnet.BaseAddress.AddressFamily);
            if (!IsSetApart(number) && !taken.Contains(address))
            {
                return address;
            }

            number = number == last ? first : number + 1;
            if (number == start)
            {
                break;
            }
        }

        return null;
    }

    // The first of a prefix names it (RFC 919; for IPv6 it is the routers' anycast, RFC 4291), the last of IPv4 is the broadcast.
    private bool IsSetApart(UInt128 number)
    {
        if (AddressNumber.Span(Subnet) > 1 && (number == AddressNumber.Of(Subnet.BaseAddress)
            || (AddressNumber.Bits(Subnet) == 32 && number == AddressNumber.Last(Subnet))))
        {
            return true;
        }

        if (Gateway is not null && number == AddressNumber.Of(Gateway))
        {
            return true;
        }

        foreach (var reserved in Reserved)
        {
            if (reserved.AddressFamily == Subnet.BaseAddress.AddressFamily && number == AddressNumber.Of(reserved))
            {
                return true;
            }
        }

        return false;
    }
}
