namespace Sampan.Oci.Runtime;

/// <summary>NUMA memory policy (set_mempolicy(2); config-linux.md 1.3, "Memory policy").</summary>
public sealed record RuntimeMemoryPolicy
{
    /// <summary>MPOL_ name.</summary>
    public string Mode { get; set; } = "";

    /// <summary>Nodes as a cpuset list, such as "0-3,7".</summary>
    public string? Nodes { get; init; }

    /// <summary>MPOL_F_ names.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
