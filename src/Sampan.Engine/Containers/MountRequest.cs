namespace Sampan.Engine.Containers;

/// <summary>A mount as --mount asks for it: docker's Mount (Engine API).</summary>
public sealed record MountRequest
{
    /// <summary>bind, volume or tmpfs.</summary>
    public string Type { get; set; } = "volume";

    /// <summary>Path of the host, or name of a volume; empty makes an anonymous one.</summary>
    public string Source { get; set; } = "";

    /// <summary>Path in the container.</summary>
    public string Target { get; set; } = "";

    /// <summary>It cannot be written there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Docker's hint for virtual machines; means nothing on Linux.</summary>
    public string? Consistency { get; init; }

    /// <summary>Options of a bind mount.</summary>
    public BindOptions? BindOptions { get; init; }

    /// <summary>Options of a volume.</summary>
    public VolumeOptions? VolumeOptions { get; init; }

    /// <summary>Options of a tmpfs.</summary>
    public TmpfsMountOptions? TmpfsOptions { get; init; }
}
