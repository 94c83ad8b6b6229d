namespace Sampan.Linux.Cgroups;

/// <summary>Limits as version 2 control files (kernel documentation, admin-guide/cgroup-v2.rst). Devices are a BPF program instead.</summary>
internal static class CgroupV2Settings
{
    private const ulong DefaultPeriod = 100_000;

    /// <summary>Translates limits, in the order they must be written.</summary>
    /// <param name="limits">Limits.</param>
    /// <returns>Settings.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.Unavailable"/>: a limit version 2 does not have; <see cref="ErrorKind.InvalidArgument"/>: swap below memory, or
    /// a unified key that is a path.
    /// </exception>
    public static List<CgroupSetting> Of(CgroupLimits limits)
    {
        var settings = new List<CgroupSetting>(16);
        Refuse(limits.Swappiness is not null, "memory swappiness");
        Refuse(limits.DisableOomKiller is true, "disabling the OOM killer");
        Refuse(limits.NetworkClass is not null, "network class ids");
        Refuse(limits.NetworkPriorities.Count > 0, "network priorities");
        Refuse(limits.CpuRealtimeRuntime is not null || limits.CpuRealtimePeriod is not null, "realtime CPU limits");
        Refuse(limits.BlockLeafWeight is not null, "block I/O leaf weights");
        Refuse(limits.MemoryUseHierarchy is false, "memory accounting without hierarchy");
        AddMemory(settings, limits);
        AddCpu(settings, limits);
        Add(settings, "cpuset", "cpuset.cpus", limits.CpusetCpus);
        Add(settings, "cpuset", "cpuset.mems", limits.CpusetMems);
        if (limits.Pids is { } pids)
        {
            Add(settings, "pids", "pids.max", pids <= 0 ? "max" : pids.ToString());
        }

        AddBlock(settings, limits);
        foreach (var page in limits.HugePages)
        {
            Add(settings, "hugetlb", $"hugetlb.{page.Key}.max", page.Value.ToString());

            // Pages are counted when they are touched, reservations when they are mapped; the second count came with Linux 5.7.
            settings.Add(new("hugetlb", $"hugetlb.{page.Key}.rsvd.max", page.Value.ToString()) { Optional = true });
        }

        foreach (var rdma in limits.Rdma)
        {
            Add(settings, "rdma", "rdma.max", rdma.ToString());
        }

        foreach (var (file, value) in limits.Unified)
        {
            AddUnified(settings, file, value);
        }

        return settings;
    }

    /// <summary>
    /// Weight from shares: the curve on which 2, 1024 and 262144 shares are 1, 100 and 10000, the least, the default and the most of both
    /// scales (runc 1.3 and crun 1.23 use it; the older straight line made the default weigh 39).
    /// </summary>
    /// <param name="shares">2 to 262144; what is beyond counts as the end of the scale.</param>
    /// <returns>1 to 10000.</returns>
    public static ulong Weight(ulong shares)
    {
        if (shares <= 2)
        {
            return 1;
        }

        if (shares >= 262_144)
        {
            return 10_000;
        }

        var scale = Math.Log2(shares);
        var exponent = ((scale * scale) + (125 * scale)) / 612.0 - (7.0 / 34.0);
        return (ulong)Math.Ceiling(Math.Pow(10, exponent));
    }

    private static void AddMemory(List<CgroupSetting> settings, CgroupLimits limits)
    {
        Add(settings, "memory", "memory.max", limits.Memory is { } memory ? Bytes(memory) : null);
        Add(settings, "memory", "memory.low", limits.MemoryReservation is { } low ? Bytes(low) : null);
        if (limits.MemorySwap is not { } total || total == 0)
        {
            return;
        }

        // OCI counts memory and swap together; version 2 limits swap alone.
        if (total < 0)
        {
            // Without swap accounting it is unlimited already.
            settings.Add(new("memory", "memory.swap.max", "max") { Optional = true });
        }
        else if (limits.Memory is not { } plain || plain <= 0 || plain > total)
        {
            throw SampanException.InvalidArgument($"memory and swap together ({total}) need a memory limit that is not above them");
        }
        else
        {
            Add(settings, "memory", "memory.swap.max", (total - plain).ToString());
        }
    }

    private static void AddCpu(List<CgroupSetting> settings, CgroupLimits limits)
    {
        // The kernel refuses a weight while the group is idle, so idleness ends before and begins after (sched_group_set_shares()).
        Add(settings, "cpu", "cpu.idle", limits.CpuIdle is 1 ? null : limits.CpuIdle?.ToString());
        var weight = limits.CpuWeight ?? (limits.CpuShares is { } shares and not 0 ? Weight(shares) : null);
        Add(settings, "cpu", "cpu.weight", weight?.ToString());
        Add(settings, "cpu", "cpu.idle", limits.CpuIdle is 1 ? "1" : null);
        if (limits.CpuQuota is not null || limits.CpuPeriod is not null)
        {
            var quota = limits.CpuQuota is { } microseconds and > 0 ? microseconds.ToString() : "max";
            Add(settings, "cpu", "cpu.max", $"{quota} {limits.CpuPeriod ?? DefaultPeriod}");
        }

        Add(settings, "cpu", "cpu.max.burst", limits.CpuBurst?.ToString());
    }

    private static void AddBlock(List<CgroupSetting> settings, CgroupLimits limits)
    {
        AddWeight(settings, "", limits.BlockWeight);
        foreach (var device in limits.BlockDeviceWeights)
        {
            Refuse(device.LeafWeight is not null, "block I/O leaf weights");
            AddWeight(settings, $"{device.Major}:{device.Minor} ", device.Weight);
        }

        foreach (var throttle in limits.BlockThrottles)
        {
            var key = (throttle.Write ? "w" : "r") + (throttle.Operations ? "iops" : "bps");
            Add(settings, "io", "io.max", $"{throttle.Major}:{throttle.Minor} {key}={throttle.Rate}");
        }
    }

    // bfq keeps version 1's scale of 10 to 1000; io.weight (iocost) runs from 1 to 10000 (cgroup-v2.rst, "IO Interface Files").
    private static void AddWeight(List<CgroupSetting> settings, string device, ushort? weight)
    {
        if (weight is { } given and not 0)
        {
            settings.Add(new("io", "io.bfq.weight", device + given)
            {
                OtherFile = "io.weight",
                OtherValue = device + (1 + ((Math.Max(given, (ushort)10) - 10L) * 9999 / 990)),
            });
        }
    }

    private static void AddUnified(List<CgroupSetting> settings, string file, string value)
    {
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        if (file.Contains('/', StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"unified resource \"{file}\" must be a file name (no slashes)");
        }

        if (dot <= 0)
        {
            throw SampanException.InvalidArgument($"unified resource \"{file}\" must be in the form CONTROLLER.PARAMETER");
        }

        Add(settings, file[..dot], file, value);
    }

    private static void Refuse(bool asked, string what)
    {
        if (asked)
        {
            throw SampanException.Unavailable($"cgroup v2 has no {what}: leave the option out");
        }
    }

    private static string Bytes(long value) => value < 0 ? "max" : value.ToString();

    private static void Add(List<CgroupSetting> settings, string controller, string file, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            settings.Add(new(controller, file, value));
        }
    }
}
