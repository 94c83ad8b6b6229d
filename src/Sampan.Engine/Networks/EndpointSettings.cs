namespace Sampan.Engine.Networks;

/// <summary>How a container is to be on a network: what was asked for.</summary>
public sealed record EndpointSettings
{
    /// <summary>The network's name.</summary>
    public string Network { get; set; } = "";

    /// <summary>Further names the container has there; absent is none.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Names that others on the network have for this container alone: NAME:ALIAS; absent is none.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    /// <summary>The address it must have; null for one of the network's choice.</summary>
    public string? IPv4Address { get; init; }

    /// <summary>The same for IPv6.</summary>
    public string? IPv6Address { get; init; }

    /// <summary>Further addresses that hold on the link alone (169.254.0.0/16, fe80::/10); absent is none.</summary>
    public IReadOnlyList<string>? LinkLocalIPs { get; init; }

    /// <summary>The hardware address it must have; null for one that follows from its address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Options of the container's device (<see cref="EndpointOptions"/>); absent is none.</summary>
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }

    /// <summary>The network with the highest has the default route.</summary>
    public long GwPriority { get; init; }
}
