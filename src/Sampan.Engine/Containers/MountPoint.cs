namespace Sampan.Engine.Containers;

/// <summary>A bind mount or volume of a container, resolved: docker's MountPoint (Engine API).</summary>
public sealed record MountPoint
{
    /// <summary>bind or volume.</summary>
    public string Type { get; set; } = "bind";

    /// <summary>Name of the volume; null for a bind mount.</summary>
    public string? Name { get; init; }

    /// <summary>Path on the host.</summary>
    public string Source { get; set; } = "";

    /// <summary>Path in the container; absolute.</summary>
    public string Destination { get; set; } = "";

    /// <summary>local for a volume; null for a bind mount.</summary>
    public string? Driver { get; init; }

    /// <summary>The options as the user wrote them, separated by commas.</summary>
    public string Mode { get; set; } = "";

    /// <summary>Writable.</summary>
    public bool RW { get; set; } = true;

    /// <summary>private, rprivate, shared, rshared, slave or rslave; empty for a volume.</summary>
    public string Propagation { get; set; } = "";
}
