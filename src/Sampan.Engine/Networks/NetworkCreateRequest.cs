namespace Sampan.Engine.Networks;

/// <summary>What network create is asked for.</summary>
public sealed record NetworkCreateRequest
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Driver.</summary>
    public string Driver { get; init; } = NetworkDriver.Bridge;

    /// <summary>IPv6 addresses too.</summary>
    public bool EnableIPv6 { get; init; }

    /// <summary>No IPv4 addresses.</summary>
    public bool IPv6Only { get; init; }

    /// <summary>Only for others to be made from.</summary>
    public bool ConfigOnly { get; init; }

    /// <summary>Name of the network that says all else; null for none.</summary>
    public string? ConfigFrom { get; init; }

    /// <summary>Where it is known: local, or empty for the same.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Nothing goes in or out.</summary>
    public bool Internal { get; init; }

    /// <summary>Recorded, as docker does.</summary>
    public bool Attachable { get; init; }

    /// <summary>Prefixes; those of a family that is not named are chosen.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Where addresses are given out, each within one of the prefixes.</summary>
    public IReadOnlyList<string> Ranges { get; init; } = [];

    /// <summary>Addresses of the bridge, or of whoever leads out of another network, each within one of the prefixes.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Names and addresses of others on the network.</summary>
    public IReadOnlyDictionary<string, string> AuxiliaryAddresses { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Options of address management: recorded, as docker does.</summary>
    public IReadOnlyDictionary<string, string>? IpamOptions { get; init; }

    /// <summary>Driver options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
