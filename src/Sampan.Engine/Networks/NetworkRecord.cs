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

    /// <summary>bridge, macvlan or ipvlan; host and null for the two networks that are none; null for one that is configuration alone.</summary>
    public string Driver { get; set; } = NetworkDriver.Bridge;

    /// <summary>Name of the bridge on the host, or of the device its containers' are over; empty where there is none.</summary>
    public string Link { get; set; } = "";

    /// <summary>The device its containers' are over was made for it, or for another network that has it too: it goes with the last of them.</summary>
    public bool OwnsLink { get; init; }

    /// <summary>Its containers have IPv6 addresses too.</summary>
    public bool EnableIPv6 { get; init; }

    /// <summary>Its containers have no IPv4 addresses.</summary>
    public bool IPv6Only { get; init; }

    /// <summary>Nothing goes in or out.</summary>
    public bool Internal { get; init; }

    /// <summary>As given with --attachable; every network of one host can be attached to.</summary>
    public bool Attachable { get; init; }

    /// <summary>Its prefixes: the IPv4 one first.</summary>
    public IReadOnlyList<NetworkAddressing> Addressing { get; set; } = [];

    /// <summary>It is only there for others to be made from (--config-only).</summary>
    public bool ConfigOnly { get; init; }

    /// <summary>Name of the network it was made from (--config-from); absent for none.</summary>
    public string? ConfigFrom { get; init; }

    /// <summary>Options of address management as given; there is none that does anything.</summary>
    public IReadOnlyDictionary<string, string>? IpamOptions { get; init; }

    /// <summary>Driver options as given.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>One of those that are always there.</summary>
    public bool IsPredefined => NetworkStore.IsPredefined(Name);

    /// <summary>Its containers have devices over one of the host's: macvlan or ipvlan.</summary>
    internal bool IsOverParent => Driver is NetworkDriver.Macvlan or NetworkDriver.Ipvlan;

    /// <summary>Its containers send what is not for the network to no gateway, but out of their device: ipvlan on layer 3.</summary>
    internal bool IsRoutedByDevice => Driver == NetworkDriver.Ipvlan && !IsClosed && ParentOptions.Of(this).IsRouted;

    /// <summary>Nothing leads out of it: it is internal, or over a device that leads nowhere.</summary>
    internal bool IsClosed => Internal || (IsOverParent && ParentOptions.Of(this).Parent is null);

    /// <summary>Its containers can have their default route there.</summary>
    internal bool HasWayOut => !IsClosed && (Driver == NetworkDriver.Bridge || IsRoutedByDevice || Addressing.Any(static addressing => addressing.Gateway.Length > 0));
}
