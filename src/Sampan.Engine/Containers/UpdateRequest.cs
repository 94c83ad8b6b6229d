namespace Sampan.Engine.Containers;

/// <summary>What update changes: docker's UpdateConfig (Engine API). Zero, empty and null leave what there is.</summary>
public sealed record UpdateRequest
{
    /// <summary>Block I/O weight, 10 to 1000.</summary>
    public ushort BlkioWeight { get; init; }

    /// <summary>Relative weight.</summary>
    public long CpuShares { get; init; }

    /// <summary>CPUs in units of 1e-9.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Microseconds.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds; -1 is unlimited.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Microseconds of the period of real-time processes (cgroup v1).</summary>
    public long CpuRealtimePeriod { get; init; }

    /// <summary>Microseconds real-time processes may run in a period (cgroup v1).</summary>
    public long CpuRealtimeRuntime { get; init; }

    /// <summary>CPU list.</summary>
    public string CpusetCpus { get; set; } = "";

    /// <summary>Memory node list.</summary>
    public string CpusetMems { get; set; } = "";

    /// <summary>Bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Bytes.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>Memory plus swap in bytes; -1 is unlimited.</summary>
    public long MemorySwap { get; init; }

    /// <summary>Most tasks; -1 and 0 are unlimited.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Restart policy.</summary>
    public RestartPolicy? RestartPolicy { get; init; }
}
