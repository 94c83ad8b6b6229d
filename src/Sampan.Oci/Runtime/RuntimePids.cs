namespace Sampan.Oci.Runtime;

/// <summary>Process limit.</summary>
public sealed record RuntimePids
{
    /// <summary>Most tasks; 0 or less is unlimited.</summary>
    public long Limit { get; init; }
}
