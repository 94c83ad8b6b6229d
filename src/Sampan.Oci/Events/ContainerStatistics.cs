using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>Counters of a container's control group, in the shape and under the keys of runc 1.1.</summary>
public sealed record ContainerStatistics
{
    /// <summary>CPU time.</summary>
    public CpuStatistics Cpu { get; set; } = new();

    /// <summary>CPUs and memory nodes, version 1.</summary>
    public CpusetStatistics Cpuset { get; set; } = new();

    /// <summary>Memory.</summary>
    public MemoryStatistics Memory { get; set; } = new();

    /// <summary>Tasks.</summary>
    public PidsStatistics Pids { get; set; } = new();

    /// <summary>Block I/O.</summary>
    public BlockStatistics Blkio { get; set; } = new();

    /// <summary>Huge pages by page size ("2MB").</summary>
    public IReadOnlyDictionary<string, HugepageStatistics> Hugetlb { get; set; } = new Dictionary<string, HugepageStatistics>();

    /// <summary>Cache and memory bandwidth monitoring.</summary>
    [JsonPropertyName("intel_rdt")]
    public IntelRdtStatistics IntelRdt { get; set; } = new();

    /// <summary>Interfaces the runtime made: none, so null, as in runc.</summary>
    [JsonPropertyName("network_interfaces")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<NetworkInterfaceStatistics>? NetworkInterfaces { get; init; }
}
