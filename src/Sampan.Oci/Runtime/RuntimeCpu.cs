namespace Sampan.Oci.Runtime;

/// <summary>CPU limits.</summary>
public sealed record RuntimeCpu
{
    /// <summary>Relative weight, 2 to 262144.</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds a period.</summary>
    public long? Quota { get; init; }

    /// <summary>Microseconds.</summary>
    public ulong? Burst { get; init; }

    /// <summary>Microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>v1, microseconds.</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>v1, microseconds.</summary>
    public ulong? RealtimePeriod { get; init; }

    /// <summary>cpuset list.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory node list.</summary>
    public string? Mems { get; init; }

    /// <summary>SCHED_IDLE for the group.</summary>
    public long? Idle { get; init; }
}
