using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>CPU time in nanoseconds.</summary>
public sealed record CpuUsage
{
    /// <summary>All of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Total { get; init; }

    /// <summary>By CPU, version 1.</summary>
    public IReadOnlyList<ulong>? Percpu { get; init; }

    /// <summary>In the kernel by CPU, version 1.</summary>
    [JsonPropertyName("percpu_kernel")]
    public IReadOnlyList<ulong>? PercpuKernel { get; init; }

    /// <summary>Outside the kernel by CPU, version 1.</summary>
    [JsonPropertyName("percpu_user")]
    public IReadOnlyList<ulong>? PercpuUser { get; init; }

    /// <summary>In the kernel.</summary>
    public ulong Kernel { get; init; }

    /// <summary>Outside the kernel.</summary>
    public ulong User { get; init; }
}
