using Sampan.Linux;

namespace Sampan.Engine.Networks;

/// <summary>Networks that are configuration alone (--config-only), and those that are made from them (--config-from), with docker's refusals.</summary>
internal static class ConfigurationNetwork
{
    /// <summary>Refuses what does not go together.</summary>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="SampanException">Forbidden.</exception>
    public static void Check(NetworkCreateRequest request)
    {
        Refuse(
            request.ConfigOnly && (request.Internal || request.Attachable || request.Scope.Length > 0),
            "configuration network can only contain network specific fields. Network operator fields like [ ingress | internal | attachable | scope ] are not supported.");
        if (request.ConfigFrom is null)
        {
            return;
        }

        Refuse(request.ConfigOnly, "a configuration network cannot depend on another configuration network");
        Refuse(
            request.EnableIPv6 || request.IPv6Only || request.Labels is { Count: > 0 } || request.IpamOptions is { Count: > 0 } || request.Subnets.Count > 0
                || request.Ranges.Count > 0 || request.Gateways.Count > 0 || request.AuxiliaryAddresses.Count > 0,
            "user specified configurations are not supported if the network depends on a configuration network");
        Refuse(request.Options is { Count: > 0 }, "network driver options are not supported if the network depends on a configuration network");
    }

    /// <summary>Puts in what the configuration network says.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="networks">The networks there are.</param>
    /// <returns>The same where it names none.</returns>
    /// <exception cref="SampanException">NotFound: there is no such configuration network.</exception>
    public static NetworkCreateRequest Apply(NetworkCreateRequest request, IReadOnlyList<NetworkRecord> networks)
    {
        if (request.ConfigFrom is null)
        {
            return request;
        }

        var source = networks.FirstOrDefault(network => network.ConfigOnly && network.Name == request.ConfigFrom)
            ?? throw SampanException.NotFound($"configuration network \"{request.ConfigFrom}\" does not exist");
        var auxiliary = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var addressing in source.Addressing)
        {
            foreach (var (name, address) in addressing.AuxiliaryAddresses ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                auxiliary[name] = address;
            }
        }

        return request with
        {
            EnableIPv6 = source.EnableIPv6,
            IPv6Only = source.IPv6Only,
            Subnets = [.. source.Addressing.Select(static addressing => addressing.Subnet)],
            Ranges = [.. source.Addressing.Select(static addressing => addressing.IPRange).OfType<string>()],
            Gateways = [.. source.Addressing.Select(static addressing => addressing.Gateway).Where(static gateway => gateway.Length > 0)],
            AuxiliaryAddresses = auxiliary,
            IpamOptions = source.IpamOptions,
            Options = source.Options,
            Labels = source.Labels,
        };
    }

    private static void Refuse(bool condition, string complaint)
    {
        if (condition)
        {
            throw new SampanException(ErrorKind.Forbidden, complaint);
        }
    }
}
