using System.Net;
using System.Net.Sockets;
using Sampan.Linux;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>Puts together what was said of a network's addresses, as docker's client does (cli, command/network, consolidateIpam), in its words.</summary>
internal sealed class SubnetPlan
{
    private const int LongestPrefix4 = 30;
    private const int LongestPrefix6 = 126;

    private readonly List<(IPNetwork Subnet, NetworkAddressing Addressing)> _parts = [];

    private readonly NetworkCreateRequest _request;

    private SubnetPlan(NetworkCreateRequest request) => _request = request;

    // Only there is one address of each family the bridge's own, and only there is somebody sure to lead out.
    private bool IsBridge => _request is { Driver: NetworkDriver.Bridge, ConfigOnly: false };

    /// <summary>What was asked for; the families that are missing are not there yet.</summary>
    public IReadOnlyList<NetworkAddressing> Addressing => [.. _parts.Select(static part => part.Addressing).OrderBy(static addressing => addressing.IsIPv6)];

    /// <summary>Reads a request.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: what is said contradicts itself.</exception>
    public static SubnetPlan Of(NetworkCreateRequest request)
    {
        if (request.Subnets.Count < request.Ranges.Count || request.Subnets.Count < request.Gateways.Count)
        {
            throw SampanException.InvalidArgument("every ip-range or gateway must have a corresponding subnet");
        }

        var plan = new SubnetPlan(request);
        foreach (var subnet in request.Subnets)
        {
            plan.AddSubnet(subnet);
        }

        foreach (var range in request.Ranges)
        {
            plan.AddRange(range);
        }

        foreach (var gateway in request.Gateways)
        {
            plan.AddGateway(gateway);
        }

        foreach (var (name, address) in request.AuxiliaryAddresses)
        {
            plan.AddAuxiliary(name, address);
        }

        if (plan.IsBridge)
        {
            plan.AddGateways();
        }

        return plan;
    }

    /// <summary>A prefix with the gateway that is usual.</summary>
    public static NetworkAddressing Usual(IPNetwork subnet) => new() { Subnet = subnet.ToString(), Gateway = AddressRange.FirstOf(subnet).ToString() };

    private void AddSubnet(string text)
    {
        var subnet = AddressPrefix.TryParse(text) ?? throw SampanException.InvalidArgument($"invalid subnet {text} : invalid CIDR address: {text}");
        var isIPv6 = subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        if (isIPv6 ? !_request.EnableIPv6 : _request.IPv6Only)
        {
            throw SampanException.InvalidArgument($"subnet {text} is one of {(isIPv6 ? "IPv6: give --ipv6 too" : "IPv4: leave --ipv4=false out")}");
        }

        if (subnet.PrefixLength == 0 || subnet.PrefixLength > (isIPv6 ? LongestPrefix6 : LongestPrefix4))
        {
            throw SampanException.InvalidArgument(
                $"invalid subnet {text}: a bridge and a container need a prefix of 1 to {(isIPv6 ? LongestPrefix6 : LongestPrefix4)} bits");
        }

        foreach (var (other, _) in _parts)
        {
            if (AddressPrefix.Overlap(subnet, other))
            {
                throw SampanException.InvalidArgument("multiple overlapping subnet configuration is not supported");
            }

            if (IsBridge && other.BaseAddress.AddressFamily == subnet.BaseAddress.AddressFamily)
            {
                throw SampanException.InvalidArgument($"subnets {other} and {subnet}: a bridge network has one of each family");
            }
        }

        _parts.Add((subnet, new() { Subnet = subnet.ToString() }));
    }

    private void AddRange(string text)
    {
        var range = AddressPrefix.TryParse(text) ?? throw SampanException.InvalidArgument($"invalid CIDR address: {text}");
        var index = Find(range.BaseAddress, range.PrefixLength);
        if (index < 0)
        {
            throw SampanException.InvalidArgument($"no matching subnet for range {text}");
        }

        var (subnet, addressing) = _parts[index];
        if (addressing.IPRange is { } other)
        {
            throw SampanException.InvalidArgument($"cannot configure multiple ranges ({text}, {other}) on the same subnet ({subnet})");
        }

        _parts[index] = (subnet, addressing with { IPRange = range.ToString() });
    }

    private void AddGateway(string text)
    {
        var gateway = AddressPrefix.TryParseAddress(text) ?? throw SampanException.InvalidArgument($"invalid gateway address: {text}");
        var index = Find(gateway);
        if (index < 0)
        {
            throw SampanException.InvalidArgument($"no matching subnet for gateway {text}");
        }

        var (subnet, addressing) = _parts[index];
        if (addressing.Gateway.Length > 0)
        {
            throw SampanException.InvalidArgument($"cannot configure multiple gateways ({text}, {addressing.Gateway}) for the same subnet ({subnet})");
        }

        if (!new AddressRange(subnet, null, null, []).CanBeGiven(gateway))
        {
            throw SampanException.InvalidArgument($"gateway {text} is the first or the last address of {subnet}: no host can have it");
        }

        _parts[index] = (subnet, addressing with { Gateway = gateway.ToString() });
    }

    private void AddAuxiliary(string name, string text)
    {
        var address = AddressPrefix.TryParseAddress(text) ?? throw SampanException.InvalidArgument($"invalid aux-address: {text}");
        var index = Find(address);
        if (index < 0)
        {
            throw SampanException.InvalidArgument($"no matching subnet for aux-address {text}");
        }

        var (subnet, addressing) = _parts[index];
        var all = new Dictionary<string, string>(addressing.AuxiliaryAddresses ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [name] = address.ToString(),
        };
        _parts[index] = (subnet, addressing with { AuxiliaryAddresses = all });
    }

    // The gateway that nobody chose is the first address that is nobody else's.
    private void AddGateways()
    {
        for (var index = 0; index < _parts.Count; index++)
        {
            var (subnet, addressing) = _parts[index];
            if (addressing.Gateway.Length > 0)
            {
                continue;
            }

            var reserved = new HashSet<IPAddress>();
            foreach (var (_, address) in addressing.AuxiliaryAddresses ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                reserved.Add(IPAddress.Parse(address));
            }

            var first = new AddressRange(subnet, null, null, []).Next(reserved, null)
                ?? throw SampanException.InvalidArgument($"no address of {subnet} is left for the gateway");
            _parts[index] = (subnet, addressing with { Gateway = first.ToString() });
        }
    }

    private int Find(IPAddress address, int prefixLength = int.MaxValue) =>
        _parts.FindIndex(part => part.Subnet.Contains(address) && prefixLength >= part.Subnet.PrefixLength);
}
