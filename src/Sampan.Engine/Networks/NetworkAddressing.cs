using System.Net;
using System.Net.Sockets;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>A prefix of a network, and who has what of it: docker's IPAM configuration.</summary>
public sealed record NetworkAddressing
{
    /// <summary>The prefix: 10.200.0.0/24.</summary>
    public string Subnet { get; set; } = "";

    /// <summary>Where addresses are given out by themselves; null for the whole prefix.</summary>
    public string? IPRange { get; init; }

    /// <summary>The bridge's own address; on other networks that of whoever leads out of it, empty for nobody.</summary>
    public string Gateway { get; set; } = "";

    /// <summary>Addresses of others on the network, by name; absent where there are none.</summary>
    public IReadOnlyDictionary<string, string>? AuxiliaryAddresses { get; init; }

    /// <summary>The prefix.</summary>
    internal IPNetwork Prefix => IPNetwork.Parse(Subnet);

    /// <summary>Whether it is one of IPv6.</summary>
    internal bool IsIPv6 => Prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>What containers can have of it.</summary>
    internal AddressRange Range
    {
        get
        {
            List<IPAddress> reserved = [];
            foreach (var (_, address) in AuxiliaryAddresses ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                reserved.Add(IPAddress.Parse(address));
            }

            return new(Prefix, IPRange is null ? null : IPNetwork.Parse(IPRange), Gateway.Length == 0 ? null : IPAddress.Parse(Gateway), reserved);
        }
    }
}
