namespace Sampan.Oci.Runtime;

/// <summary>Process limit.</summary>
public sealed record RuntimePids
{
    /// <summary>
    /// Most tasks; -1 is unlimited, null leaves what is. 0 is a limit since version 1.3 of the specification (config-linux.md, "PIDs");
    /// before, it said the same as null.
    /// </summary>
    public long? Limit { get; init; }
}
