using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;

namespace Sampan.Engine.Networks;

/// <summary>A container's record with one network more or less, and what stands against it, in docker's words.</summary>
internal static class ConnectionUpdate
{
    private const string NoOtherWithShared = "container sharing network namespace with another container or host cannot be connected to any other network";
    private const string NoOtherWithNone = "container cannot be connected to multiple networks with one of the networks in private (none) mode";
    private const string HostIsForGood = "container cannot be disconnected from host network or connected to host network";

    /// <summary>Refuses what cannot be, whatever else the container is on.</summary>
    /// <param name="record">The container.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="SampanException">InvalidArgument.</exception>
    public static void CheckAdd(ContainerRecord record, NetworkRecord network)
    {
        Refuse(NamespaceSpecs.JoinedContainer(record.HostConfig.NetworkMode) is not null, NoOtherWithShared);
        Refuse(record.HostConfig.NetworkMode == "host" && network.Driver != NetworkDriver.Host, NoOtherWithShared);
        Refuse(network.Driver == NetworkDriver.Host, HostIsForGood);
        Refuse(network is { Driver: NetworkDriver.None, ConfigOnly: false } || record.Endpoints is null, NoOtherWithNone);
    }

    /// <summary>Adds one.</summary>
    /// <param name="record">The container.</param>
    /// <param name="settings">How it is to be on it; the network by name.</param>
    /// <returns>The container as it is to be.</returns>
    /// <exception cref="SampanException">Forbidden: it is on it already.</exception>
    public static ContainerRecord Add(ContainerRecord record, EndpointSettings settings)
    {
        var endpoints = record.Endpoints ?? throw SampanException.InvalidArgument(NoOtherWithNone);
        return endpoints.Any(other => other.Network == settings.Network)
            ? throw new SampanException(ErrorKind.Forbidden, $"endpoint with name {record.Name} already exists in network {settings.Network}")
            : record with { Endpoints = [.. endpoints, settings] };
    }

    /// <summary>Takes one away. The last one may go as well.</summary>
    /// <param name="record">The container.</param>
    /// <param name="network">The network's name.</param>
    /// <returns>The container as it is to be.</returns>
    /// <exception cref="SampanException">InvalidArgument: the host's network cannot be left. Conflict: it is not on it.</exception>
    public static ContainerRecord Remove(ContainerRecord record, string network)
    {
        Refuse(network == "host" && record.HostConfig.NetworkMode == "host", HostIsForGood);
        if (network == "none" && record is { Endpoints: null, HostConfig.NetworkMode: "none" })
        {
            return record with { Endpoints = [] };
        }

        return record.Endpoints?.Any(other => other.Network == network) == true
            ? record with { Endpoints = [.. record.Endpoints.Where(other => other.Network != network)] }
            : throw SampanException.Conflict($"container {record.Id} is not connected to network {network}");
    }

    private static void Refuse(bool condition, string complaint)
    {
        if (condition)
        {
            throw SampanException.InvalidArgument(complaint);
        }
    }
}
