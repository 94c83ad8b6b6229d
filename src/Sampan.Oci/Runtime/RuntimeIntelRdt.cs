namespace Sampan.Oci.Runtime;

/// <summary>Intel RDT.</summary>
public sealed record RuntimeIntelRdt
{
    /// <summary>Class of service.</summary>
    public string? ClosID { get; init; }

    /// <summary>L3 schema.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>Memory bandwidth schema.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Cache monitoring.</summary>
    public bool EnableCMT { get; init; }

    /// <summary>Bandwidth monitoring.</summary>
    public bool EnableMBM { get; init; }

    /// <summary>Lines of the schemata file, written after the two above (1.3).</summary>
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>A monitoring group of its own, named after the container (1.3).</summary>
    public bool EnableMonitoring { get; init; }
}
