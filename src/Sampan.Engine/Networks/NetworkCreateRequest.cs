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

    /// <summary>Nothing goes in or out.</summary>
    public bool Internal { get; init; }

    /// <summary>Recorded, as docker does.</summary>
    public bool Attachable { get; init; }

    /// <summary>Prefixes; those of a family that is not named are chosen.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Where addresses are given out, each within one of the prefixes.</summary>
    public IReadOnlyList<string> Ranges { get; init; } = [];

    /// <summary>Addresses of the bridge, each within one of the prefixes.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Names and addresses of others on the network.</summary>
    public IReadOnlyDictionary<string, string> AuxiliaryAddresses { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Driver options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
