namespace Sampan.Engine.Networks;

/// <summary>What a network is made of, by docker's names.</summary>
public static class NetworkDriver
{
    /// <summary>A bridge of the host's, and a pair of devices for each container.</summary>
    public const string Bridge = "bridge";

    /// <summary>A device for each container over one of the host's, with a hardware address of its own.</summary>
    public const string Macvlan = "macvlan";

    /// <summary>The same with the hardware address of the host's.</summary>
    public const string Ipvlan = "ipvlan";

    /// <summary>The host's own network.</summary>
    public const string Host = "host";

    /// <summary>A network of one's own with nobody else in it; also what is said of a network that is configuration alone.</summary>
    public const string None = "null";
}
