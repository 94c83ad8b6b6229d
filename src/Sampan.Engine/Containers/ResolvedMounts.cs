namespace Sampan.Engine.Containers;

/// <summary>Mounts a container gets while it is there: what a creation finds out for all of them.</summary>
public sealed record ResolvedMounts
{
    /// <summary>Bind mounts and volumes.</summary>
    public IReadOnlyList<MountPoint> Mounts { get; set; } = [];

    /// <summary>What they need beyond that, by destination.</summary>
    public IReadOnlyDictionary<string, MountDetail>? Details { get; init; }

    /// <summary>Volumes made for this container alone.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; set; } = [];
}
