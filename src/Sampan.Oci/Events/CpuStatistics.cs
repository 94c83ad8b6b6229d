namespace Sampan.Oci.Events;

/// <summary>CPU time.</summary>
public sealed record CpuStatistics
{
    /// <summary>What was used.</summary>
    public CpuUsage Usage { get; set; } = new();

    /// <summary>What was withheld.</summary>
    public CpuThrottling Throttling { get; set; } = new();
}
