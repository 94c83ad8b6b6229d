namespace Sampan.Engine.Networks;

/// <summary>The lasting record of a network (networks/NAME.json).</summary>
public sealed record NetworkRecord
{
    /// <summary>64 hex digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name; unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>bridge; host and null for the two networks that are none.</summary>
    public string Driver { get; set; } = NetworkDriver.Bridge;

    /// <summary>Name of the bridge on the host; empty where there is none.</summary>
    public string Link { get; set; } = "";

    /// <summary>Its containers have IPv6 addresses too.</summary>
    public bool EnableIPv6 { get; init; }

    /// <summary>Nothing goes in or out.</summary>
    public bool Internal { get; init; }

    /// <summary>As given with --attachable; every network of one host can be attached to.</summary>
    public bool Attachable { get; init; }

    /// <summary>Its prefixes: the IPv4 one first.</summary>
    public IReadOnlyList<NetworkAddressing> Addressing { get; set; } = [];

    /// <summary>Driver options as given.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>One of those that are always there.</summary>
    public bool IsPredefined => NetworkStore.IsPredefined(Name);
}
