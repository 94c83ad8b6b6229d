namespace Sampan.Linux.Cgroups;

/// <summary>Limits of a group, in the units of the OCI specification (config-linux.md, "Control groups"). Absent means the kernel's default.</summary>
public sealed record CgroupLimits
{
    /// <summary>
    /// The group is in every version 1 tree, though no limit needs it. For processes that may mount: of a tree they are in they can mount
    /// their own group and what is below; of another its root, with the release agent that runs on the host (CVE-2022-0492).
    /// </summary>
    public bool InEveryTree { get; init; }

    /// <summary>No limit at all.</summary>
    public static CgroupLimits None { get; } = new();

    /// <summary>Memory in bytes; -1 is unlimited.</summary>
    public long? Memory { get; init; }

    /// <summary>Soft limit of memory in bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Memory and swap together in bytes; -1 is unlimited.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Refuse a memory limit below what is used instead of reclaiming and killing; version 1 always refuses.</summary>
    public bool CheckMemoryFirst { get; init; }

    /// <summary>Whether groups inside count too; every kernel since 5.11 and version 2 can only answer yes.</summary>
    public bool? MemoryUseHierarchy { get; init; }

    /// <summary>0 to 100, version 1 only.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>The group waits instead of being killed, version 1 only.</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary>Relative weight, 2 to 262144, 1024 being a plain group's.</summary>
    public ulong? CpuShares { get; init; }

    /// <summary>The same for version 2, 1 to 10000, by a caller's own rule; absent, the shares are translated.</summary>
    public ulong? CpuWeight { get; init; }

    /// <summary>Microseconds of CPU time per period; -1 is unlimited.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Period in microseconds.</summary>
    public ulong? CpuPeriod { get; init; }

    /// <summary>Microseconds of quota that may be saved up.</summary>
    public ulong? CpuBurst { get; init; }

    /// <summary>1 is SCHED_IDLE for the whole group.</summary>
    public long? CpuIdle { get; init; }

    /// <summary>Microseconds of realtime CPU time per realtime period, version 1 only; the group above must have as much to give.</summary>
    public long? CpuRealtimeRuntime { get; init; }

    /// <summary>Realtime period in microseconds, version 1 only.</summary>
    public ulong? CpuRealtimePeriod { get; init; }

    /// <summary>CPU list such as "0-2,5".</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>Memory node list.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>Most tasks; negative is unlimited.</summary>
    public long? Pids { get; init; }

    /// <summary>Block I/O weight, 10 to 1000.</summary>
    public ushort? BlockWeight { get; init; }

    /// <summary>Block I/O weight against groups inside the group, version 1 only.</summary>
    public ushort? BlockLeafWeight { get; init; }

    /// <summary>Block I/O weights by device.</summary>
    public IReadOnlyList<BlockDeviceWeight> BlockDeviceWeights { get; init; } = [];

    /// <summary>Block I/O rates.</summary>
    public IReadOnlyList<BlockThrottle> BlockThrottles { get; init; } = [];

    /// <summary>Huge page limits in bytes by page size ("2MB").</summary>
    public IReadOnlyList<KeyValuePair<string, ulong>> HugePages { get; init; } = [];

    /// <summary>RDMA devices' limits.</summary>
    public IReadOnlyList<RdmaLimit> Rdma { get; init; } = [];

    /// <summary>Class of network packets, version 1 only.</summary>
    public uint? NetworkClass { get; init; }

    /// <summary>Priorities by interface, version 1 only.</summary>
    public IReadOnlyList<KeyValuePair<string, uint>> NetworkPriorities { get; init; } = [];

    /// <summary>Device rules in order; null leaves devices as the parent has them.</summary>
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Version 2 files and their values, written as they are.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Unified { get; init; } = [];
}
