namespace Sampan.Linux.Cgroups;

/// <summary>Limits as version 1 control files (kernel documentation, admin-guide/cgroup-v1).</summary>
internal static class CgroupV1Settings
{
    /// <summary>Translates limits, in the order they must be written.</summary>
    /// <param name="limits">Limits.</param>
    /// <returns>Settings.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: version 2 files are asked for.</exception>
    public static List<CgroupSetting> Of(CgroupLimits limits)
    {
        var settings = new List<CgroupSetting>(16);
        if (limits.Unified.Count > 0)
        {
            throw SampanException.Unavailable($"cannot set {limits.Unified[0].Key}: unified settings need cgroup v2, this host has v1 controllers");
        }

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
            Add(settings, "hugetlb", $"hugetlb.{page.Key}.limit_in_bytes", page.Value.ToString());

            // Pages are counted when they are touched, reservations when they are mapped; the second count came with Linux 5.7.
            settings.Add(new("hugetlb", $"hugetlb.{page.Key}.rsvd.limit_in_bytes", page.Value.ToString()) { Optional = true });
        }

        foreach (var rdma in limits.Rdma)
        {
            Add(settings, "rdma", "rdma.max", rdma.ToString());
        }

        Add(settings, "net_cls", "net_cls.classid", limits.NetworkClass?.ToString());
        foreach (var priority in limits.NetworkPriorities)
        {
            Add(settings, "net_prio", "net_prio.ifpriomap", $"{priority.Key} {priority.Value}");
        }

        AddDevices(settings, limits.Devices ?? []);
        return settings;
    }

    private static void AddDevices(List<CgroupSetting> settings, IReadOnlyList<DeviceRule> rules)
    {
        // A rule for all devices starts afresh (device_cgroup.c): what came before it is gone.
        var first = rules.Count;
        while (first > 0 && (first == rules.Count || rules[first].Type != 'a'))
        {
            first--;
        }

        for (var index = first; index < rules.Count; index++)
        {
            var rule = rules[index];
            Add(settings, "devices", rule.Allow ? "devices.allow" : "devices.deny", rule.ToString());
        }
    }

    private static void AddMemory(List<CgroupSetting> settings, CgroupLimits limits)
    {
        if (limits.Swappiness is > 100)
        {
            throw SampanException.InvalidArgument($"invalid value:{limits.Swappiness}. valid memory swappiness range is 0-100");
        }

        // Before the group has groups inside, or the kernel refuses (admin-guide/cgroup-v1/memory.rst, "6.1").
        Add(settings, "memory", "memory.use_hierarchy", limits.MemoryUseHierarchy is { } hierarchy ? (hierarchy ? "1" : "0") : null);

        // memory.rst: memsw may never be below the plain limit, so a fresh group takes the plain limit first.
        Add(settings, "memory", "memory.limit_in_bytes", limits.Memory?.ToString());
        if (limits.MemorySwap is { } total)
        {
            // Without swap accounting it is unlimited already.
            settings.Add(new("memory", "memory.memsw.limit_in_bytes", total.ToString()) { Optional = total < 0 });
        }

        Add(settings, "memory", "memory.soft_limit_in_bytes", limits.MemoryReservation?.ToString());
        Add(settings, "memory", "memory.swappiness", limits.Swappiness?.ToString());
        Add(settings, "memory", "memory.oom_control", limits.DisableOomKiller is { } disable ? (disable ? "1" : "0") : null);
    }

    private static void AddCpu(List<CgroupSetting> settings, CgroupLimits limits)
    {
        // The kernel refuses a weight while the group is idle, so idleness ends before and begins after (sched_group_set_shares()).
        Add(settings, "cpu", "cpu.idle", limits.CpuIdle is 1 ? null : limits.CpuIdle?.ToString());
        Add(settings, "cpu", "cpu.shares", limits.CpuShares?.ToString());
        Add(settings, "cpu", "cpu.idle", limits.CpuIdle is 1 ? "1" : null);
        Add(settings, "cpu", "cpu.rt_period_us", limits.CpuRealtimePeriod?.ToString());
        Add(settings, "cpu", "cpu.rt_runtime_us", limits.CpuRealtimeRuntime?.ToString());
        Add(settings, "cpu", "cpu.cfs_period_us", limits.CpuPeriod?.ToString());
        Add(settings, "cpu", "cpu.cfs_quota_us", limits.CpuQuota?.ToString());
        Add(settings, "cpu", "cpu.cfs_burst_us", limits.CpuBurst?.ToString());
    }

    private static void AddBlock(List<CgroupSetting> settings, CgroupLimits limits)
    {
        // The bfq scheduler since Linux 5.0, cfq before.
        Add(settings, "blkio", "blkio.bfq.weight", limits.BlockWeight?.ToString(), "blkio.weight");
        Add(settings, "blkio", "blkio.leaf_weight", limits.BlockLeafWeight?.ToString());
        foreach (var device in limits.BlockDeviceWeights)
        {
            Add(settings, "blkio", "blkio.bfq.weight_device", Line(device, device.Weight), "blkio.weight_device");
            Add(settings, "blkio", "blkio.leaf_weight_device", Line(device, device.LeafWeight));
        }

        foreach (var throttle in limits.BlockThrottles)
        {
            var direction = throttle.Write ? "write" : "read";
            var unit = throttle.Operations ? "iops" : "bps";
            Add(settings, "blkio", $"blkio.throttle.{direction}_{unit}_device", $"{throttle.Major}:{throttle.Minor} {throttle.Rate}");
        }
    }

    private static string? Line(BlockDeviceWeight device, ushort? weight) => weight is null ? null : $"{device.Major}:{device.Minor} {weight}";

    private static void Add(List<CgroupSetting> settings, string controller, string file, string? value, string? otherFile = null)
    {
        if (!string.IsNullOrEmpty(value))
        {
            settings.Add(new(controller, file, value) { OtherFile = otherFile, OtherValue = otherFile is null ? null : value });
        }
    }
}
