namespace Sampan.Engine.Networks;

/// <summary>What a network is made of, by docker's names.</summary>
public static class NetworkDriver
{
    /// <summary>A bridge of the host's, and a pair of devices for each container.</summary>
    public const string Bridge = "bridge";

    /// <summary>The host's own network.</summary>
    public const string Host = "host";

    /// <summary>A network of one's own with nobody else in it.</summary>
    public const string None = "null";
}
