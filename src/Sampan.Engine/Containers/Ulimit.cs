namespace Sampan.Engine.Containers;

/// <summary>A resource limit by its ulimit name.</summary>
public sealed record Ulimit
{
    /// <summary>nofile, nproc, core …</summary>
    public string Name { get; set; } = "";

    /// <summary>Soft limit; -1 is unlimited.</summary>
    public long Soft { get; init; }

    /// <summary>Hard limit; -1 is unlimited.</summary>
    public long Hard { get; init; }
}
