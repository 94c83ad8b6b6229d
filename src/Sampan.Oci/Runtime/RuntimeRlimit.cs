namespace Sampan.Oci.Runtime;

/// <summary>One resource limit.</summary>
public sealed record RuntimeRlimit
{
    /// <summary>RLIMIT_ name.</summary>
    public string Type { get; set; } = "";

    /// <summary>Soft limit; all ones is unlimited.</summary>
    public ulong Soft { get; init; }

    /// <summary>Hard limit; all ones is unlimited.</summary>
    public ulong Hard { get; init; }
}
