using Sampan.Engine.Networks;

namespace Sampan.Engine.Containers;

/// <summary>What update changes: docker's UpdateConfig (Engine API), and mounts and devices. Zero, empty and null leave what there is.</summary>
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

    /// <summary>Sampan: mounts it gets.</summary>
    public IReadOnlyList<MountRequest>? MountAdd { get; init; }

    /// <summary>Sampan: paths in the container of mounts it loses.</summary>
    public IReadOnlyList<string>? MountRemove { get; init; }

    /// <summary>Sampan: mounts go though they are in use (umount2(2), MNT_DETACH).</summary>
    public bool Lazy { get; init; }

    /// <summary>Sampan: devices it gets.</summary>
    public IReadOnlyList<DeviceMapping>? DeviceAdd { get; init; }

    /// <summary>Sampan: CDI names of devices it gets.</summary>
    public IReadOnlyList<string>? DeviceNames { get; init; }

    /// <summary>Sampan: paths in the container, or CDI names, of devices it loses.</summary>
    public IReadOnlyList<string>? DeviceRemove { get; init; }

    /// <summary>Sampan: what <see cref="MountAdd"/> comes to, with its volumes made.</summary>
    public ResolvedMounts? Resolved { get; init; }

    /// <summary>Sampan: ports (80/tcp) that are published, and where.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>>? PublishAdd { get; init; }

    /// <summary>Sampan: ports that are published no more; empty parts stand for all there are.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>>? PublishRemove { get; init; }

    /// <summary>Sampan: what is open now, so that a port of the kernel's choice can be named; absent where the container does not run.</summary>
    public IReadOnlyList<OpenPort>? OpenPorts { get; init; }

    /// <summary>Whether ports change.</summary>
    internal bool ChangesPorts => PublishAdd is { Count: > 0 } || PublishRemove is { Count: > 0 };

    /// <summary>Whether mounts or devices change.</summary>
    internal bool ChangesFiles =>
        MountAdd is { Count: > 0 } || MountRemove is { Count: > 0 } || DeviceAdd is { Count: > 0 } || DeviceNames is { Count: > 0 } || DeviceRemove is { Count: > 0 };

    /// <summary>Whether limits change: what is not said is as it was.</summary>
    internal bool ChangesLimits => !(ChangesFiles || ChangesPorts) || this with
    {
        RestartPolicy = null,
        MountAdd = null,
        MountRemove = null,
        Lazy = false,
        DeviceAdd = null,
        DeviceNames = null,
        DeviceRemove = null,
        Resolved = null,
        PublishAdd = null,
        PublishRemove = null,
        OpenPorts = null,
    } != new UpdateRequest();
}
