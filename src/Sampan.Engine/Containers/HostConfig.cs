namespace Sampan.Engine.Containers;

/// <summary>What the host gives: docker's HostConfig (Engine API). Sizes in bytes, CPU times in microseconds unless named otherwise.</summary>
public sealed record HostConfig
{
    /// <summary>source:destination[:options] as given with -v.</summary>
    public IReadOnlyList<string>? Binds { get; init; }

    /// <summary>Mounts given with --mount.</summary>
    public IReadOnlyList<MountRequest>? Mounts { get; init; }

    /// <summary>Containers given with --volumes-from, with :ro or :rw behind them.</summary>
    public IReadOnlyList<string>? VolumesFrom { get; init; }

    /// <summary>Driver of the volumes that are made; empty is local.</summary>
    public string VolumeDriver { get; set; } = "";

    /// <summary>Devices by CDI names.</summary>
    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; init; }

    /// <summary>Device rules given with --device-cgroup-rule: "c 1:3 rwm".</summary>
    public IReadOnlyList<string>? DeviceCgroupRules { get; init; }

    /// <summary>Path given with --cidfile.</summary>
    public string ContainerIDFile { get; set; } = "";

    /// <summary>Log driver.</summary>
    public LogConfig LogConfig { get; set; } = new();

    /// <summary>none, host, container:ID or a network.</summary>
    public string NetworkMode { get; set; } = "none";

    /// <summary>Where ports of the container (80/tcp) are to be published; absent is nowhere.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>>? PortBindings { get; init; }

    /// <summary>All exposed ports are published, on ports of the kernel's choice.</summary>
    public bool PublishAllPorts { get; init; }

    /// <summary>--rm.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Restart policy.</summary>
    public RestartPolicy RestartPolicy { get; set; } = new();

    /// <summary>Capabilities added.</summary>
    public IReadOnlyList<string>? CapAdd { get; init; }

    /// <summary>Capabilities dropped.</summary>
    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary>private or host.</summary>
    public string CgroupnsMode { get; set; } = "private";

    /// <summary>Name servers.</summary>
    public IReadOnlyList<string>? Dns { get; init; }

    /// <summary>resolv.conf options.</summary>
    public IReadOnlyList<string>? DnsOptions { get; init; }

    /// <summary>Search domains.</summary>
    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>name:address lines for /etc/hosts.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; init; }

    /// <summary>Supplementary groups, names or numbers.</summary>
    public IReadOnlyList<string>? GroupAdd { get; init; }

    /// <summary>private, shareable, none, host or container:ID.</summary>
    public string IpcMode { get; set; } = "private";

    /// <summary>Containers of the default bridge that it knows by names of its own: NAME:ALIAS.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    /// <summary>-1000 to 1000.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>Empty, host or container:ID.</summary>
    public string PidMode { get; set; } = "";

    /// <summary>All the bounding set has, all devices, no masks.</summary>
    public bool Privileged { get; init; }

    /// <summary>--read-only.</summary>
    public bool ReadonlyRootfs { get; init; }

    /// <summary>seccomp=, no-new-privileges, label=, apparmor=, systempaths=.</summary>
    public IReadOnlyList<string>? SecurityOpt { get; init; }

    /// <summary>Destination to options.</summary>
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    /// <summary>Empty or host.</summary>
    public string UTSMode { get; set; } = "";

    /// <summary>Empty, host, remap, auto, keep-id, private or container:ID, as given with --userns.</summary>
    public string UsernsMode { get; set; } = "";

    /// <summary>The ids of the container's user namespace, decided when it is made; absent where it has the host's.</summary>
    public UserIdMappings? IDMappings { get; init; }

    /// <summary>--storage-opt: size, the most that is written over the image; absent is no limit.</summary>
    public IReadOnlyDictionary<string, string>? StorageOpt { get; init; }

    /// <summary>Bytes of /dev/shm.</summary>
    public long ShmSize { get; set; } = 64L << 20;

    /// <summary>Kernel parameters.</summary>
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    /// <summary>Relative weight; 0 is the default.</summary>
    public long CpuShares { get; init; }

    /// <summary>Limit; 0 is none.</summary>
    public long Memory { get; init; }

    /// <summary>CPUs in units of 1e-9.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Weight of block I/O, 10 to 1000; 0 is the default.</summary>
    public ushort BlkioWeight { get; init; }

    /// <summary>Weight by device.</summary>
    public IReadOnlyList<WeightDevice>? BlkioWeightDevice { get; init; }

    /// <summary>Bytes read a second, by device.</summary>
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadBps { get; init; }

    /// <summary>Bytes written a second, by device.</summary>
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteBps { get; init; }

    /// <summary>Reads a second, by device.</summary>
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadIOps { get; init; }

    /// <summary>Writes a second, by device.</summary>
    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteIOps { get; init; }

    /// <summary>Parent cgroup; empty is /sampan.</summary>
    public string CgroupParent { get; set; } = "";

    /// <summary>Microseconds; 0 is the default.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds; 0 is none.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Microseconds of the period of real-time processes (cgroup v1); 0 is the default.</summary>
    public long CpuRealtimePeriod { get; init; }

    /// <summary>Microseconds real-time processes may run in a period (cgroup v1); 0 is the default.</summary>
    public long CpuRealtimeRuntime { get; init; }

    /// <summary>CPU list.</summary>
    public string CpusetCpus { get; set; } = "";

    /// <summary>Memory node list.</summary>
    public string CpusetMems { get; set; } = "";

    /// <summary>Devices.</summary>
    public IReadOnlyList<DeviceMapping>? Devices { get; init; }

    /// <summary>Soft limit; 0 is none.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>Memory plus swap; 0 unset, -1 unlimited.</summary>
    public long MemorySwap { get; init; }

    /// <summary>0 to 100 (cgroup v1); null is the host's.</summary>
    public long? MemorySwappiness { get; init; }

    /// <summary>The kernel stops processes that want more memory than the limit instead of killing one (cgroup v1).</summary>
    public bool? OomKillDisable { get; init; }

    /// <summary>Most tasks; 0, -1 or absent is none.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Resource limits.</summary>
    public IReadOnlyList<Ulimit>? Ulimits { get; init; }

    /// <summary>OCI runtime; empty is the engine itself.</summary>
    public string Runtime { get; set; } = "";

    /// <summary>Isolation; empty or default.</summary>
    public string Isolation { get; set; } = "";

    /// <summary>Annotations of the OCI document.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>--init.</summary>
    public bool? Init { get; init; }

    /// <summary>Paths that cannot be read; null is the default list.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that cannot be written; null is the default list.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Sampan: what is done with a container that became unhealthy: kill, restart or stop; absent is nothing.</summary>
    public string? HealthOnFailure { get; init; }

    /// <summary>Sampan: an unpacked root directory instead of an image (--rootfs).</summary>
    public string? Rootfs { get; init; }
}
