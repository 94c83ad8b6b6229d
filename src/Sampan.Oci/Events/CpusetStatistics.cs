using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>The cpuset controller's files (admin-guide/cgroup-v1/cpusets.rst); all zero on version 2, as in runc.</summary>
public sealed record CpusetStatistics
{
    /// <summary>CPUs.</summary>
    public IReadOnlyList<ushort>? Cpus { get; init; }

    /// <summary>cpuset.cpu_exclusive.</summary>
    [JsonPropertyName("cpu_exclusive")]
    public ulong CpuExclusive { get; init; }

    /// <summary>Memory nodes.</summary>
    public IReadOnlyList<ushort>? Mems { get; init; }

    /// <summary>cpuset.mem_hardwall.</summary>
    [JsonPropertyName("mem_hardwall")]
    public ulong MemHardwall { get; init; }

    /// <summary>cpuset.mem_exclusive.</summary>
    [JsonPropertyName("mem_exclusive")]
    public ulong MemExclusive { get; init; }

    /// <summary>cpuset.memory_migrate.</summary>
    [JsonPropertyName("memory_migrate")]
    public ulong MemoryMigrate { get; init; }

    /// <summary>cpuset.memory_spread_page.</summary>
    [JsonPropertyName("memory_spread_page")]
    public ulong MemorySpreadPage { get; init; }

    /// <summary>cpuset.memory_spread_slab.</summary>
    [JsonPropertyName("memory_spread_slab")]
    public ulong MemorySpreadSlab { get; init; }

    /// <summary>cpuset.memory_pressure.</summary>
    [JsonPropertyName("memory_pressure")]
    public ulong MemoryPressure { get; init; }

    /// <summary>cpuset.sched_load_balance.</summary>
    [JsonPropertyName("sched_load_balance")]
    public ulong SchedLoadBalance { get; init; }

    /// <summary>cpuset.sched_relax_domain_level.</summary>
    [JsonPropertyName("sched_relax_domain_level")]
    public long SchedRelaxDomainLevel { get; init; }
}
