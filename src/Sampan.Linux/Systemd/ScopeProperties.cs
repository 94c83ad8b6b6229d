using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Systemd;

/// <summary>
/// Limits as unit properties (systemd.resource-control(5)), so that systemd, which owns the group, does not put its own values back. What
/// has no property is only in the control files. The choice of properties is runc's.
/// </summary>
internal static class ScopeProperties
{
    private const ulong Unlimited = ulong.MaxValue;
    private const ulong DefaultPeriod = 100_000;

    /// <summary>What a scope is started with.</summary>
    /// <param name="unit">The scope.</param>
    /// <param name="seed">Its first process.</param>
    /// <param name="unified">Whether the host has version 2 alone.</param>
    /// <returns>The properties.</returns>
    public static List<UnitProperty> Start(SystemdUnit unit, int seed, bool unified) =>
    [
        UnitProperty.Of("Description", "container " + unit.Name),
        UnitProperty.Of("Slice", unit.Slice),
        UnitProperty.Of("PIDs", [(uint)seed]),
        UnitProperty.Of("Delegate", true),
        UnitProperty.Of("MemoryAccounting", true),
        UnitProperty.Of("CPUAccounting", true),
        UnitProperty.Of(unified ? "IOAccounting" : "BlockIOAccounting", true),
        UnitProperty.Of("TasksAccounting", true),
        UnitProperty.Of("DefaultDependencies", false),
    ];

    /// <summary>Limits.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="unified">Whether the host has version 2 alone.</param>
    /// <param name="version">systemd's version: it must know what it is told.</param>
    /// <returns>The properties.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a CPU list is malformed.</exception>
    public static List<UnitProperty> Of(CgroupLimits limits, bool unified, int version)
    {
        var properties = new List<UnitProperty>();
        if (limits.Devices is { } devices)
        {
            AddDevices(properties, DeviceRuleSet.Of(devices), version);
        }

        Add(properties, unified ? "MemoryMax" : "MemoryLimit", Limit(limits.Memory));
        if (unified)
        {
            Add(properties, "MemoryLow", Limit(limits.MemoryReservation));
            Add(properties, "MemorySwapMax", Swap(limits));
            Add(properties, "CPUWeight", limits.CpuIdle is 1 ? null : limits.CpuWeight ?? (limits.CpuShares is { } shares ? CgroupV2Settings.Weight(shares) : null));
        }
        else
        {
            Add(properties, "CPUShares", limits.CpuShares);
            Add(properties, "BlockIOWeight", limits.BlockWeight);
        }

        AddQuota(properties, limits.CpuQuota, limits.CpuPeriod, version);
        Add(properties, "TasksMax", Limit(limits.Pids));
        AddMask(properties, "AllowedCPUs", limits.CpusetCpus, version);
        AddMask(properties, "AllowedMemoryNodes", limits.CpusetMems, version);
        foreach (var (file, value) in limits.Unified)
        {
            AddUnified(properties, file, value.Trim(), version);
        }

        return properties;
    }

    private static void AddUnified(List<UnitProperty> properties, string file, string value, int version)
    {
        switch (file)
        {
            case "cpu.max":
                var space = value.IndexOf(' ', StringComparison.Ordinal);
                var quota = Number(space < 0 ? value : value[..space]);
                AddQuota(properties, quota is null or Unlimited ? -1 : (long)quota, space < 0 ? null : Number(value[(space + 1)..].Trim()), version);
                break;
            case "cpuset.cpus" or "cpuset.mems":
                AddMask(properties, file == "cpuset.cpus" ? "AllowedCPUs" : "AllowedMemoryNodes", value, version);
                break;
            case "cpu.weight":
                Add(properties, "CPUWeight", Number(value));
                break;
            case "memory.high":
                Add(properties, "MemoryHigh", Number(value));
                break;
            case "memory.low":
                Add(properties, "MemoryLow", Number(value));
                break;
            case "memory.min":
                Add(properties, "MemoryMin", Number(value));
                break;
            case "memory.max":
                Add(properties, "MemoryMax", Number(value));
                break;
            case "memory.swap.max":
                Add(properties, "MemorySwapMax", Number(value));
                break;
            case "pids.max":
                Add(properties, "TasksMax", Number(value));
                break;
        }
    }

    // systemd rounds a quota to whole percents; upwards leaves room for what the control file says.
    private static void AddQuota(List<UnitProperty> properties, long? quota, ulong? period, int version)
    {
        if (period is { } given && version >= 242)
        {
            properties.Add(UnitProperty.Of("CPUQuotaPeriodUSec", given));
        }

        if (quota is not null || period is not null)
        {
            var perSecond = quota is > 0 and var microseconds ? (ulong)((Int128)microseconds * 1_000_000 / (period ?? DefaultPeriod)) : Unlimited;
            properties.Add(UnitProperty.Of("CPUQuotaPerSecUSec", perSecond == Unlimited ? Unlimited : (perSecond + 9999) / 10_000 * 10_000));
        }
    }

    private static void AddMask(List<UnitProperty> properties, string name, string? list, int version)
    {
        if (!string.IsNullOrEmpty(list) && version >= 244)
        {
            properties.Add(UnitProperty.Of(name, CpuMask.Of(list)));
        }
    }

    // systemd only knows lists that allow, by type and number (systemd.resource-control(5), "DeviceAllow="); what it cannot say is in the
    // group's own list or program.
    private static void AddDevices(List<UnitProperty> properties, DeviceRuleSet rules, int version)
    {
        var allowed = new List<(string, string)>();
        if (!rules.AllowByDefault)
        {
            foreach (var rule in rules.Exceptions)
            {
                if (rule.Major is null ? rule.Minor is null : rule.Minor is not null || version >= 240)
                {
                    allowed.Add((DevicePath(rule), rule.Access.ToLetters()));
                }
            }
        }

        properties.Add(UnitProperty.Of("DevicePolicy", rules.AllowsAll ? "auto" : "strict"));

        // An empty list clears what was there, then the new one is added to it.
        properties.Add(UnitProperty.Of("DeviceAllow", Array.Empty<(string, string)>()));
        if (allowed.Count > 0)
        {
            properties.Add(UnitProperty.Of("DeviceAllow", allowed.ToArray()));
        }
    }

    private static string DevicePath(DeviceRule rule)
    {
        var type = rule.Type == 'b' ? "block" : "char";
        return rule.Minor is { } minor ? $"/dev/{type}/{rule.Major}:{minor}" : $"{type}-{rule.Major?.ToString() ?? "*"}";
    }

    private static void Add(List<UnitProperty> properties, string name, ulong? value)
    {
        if (value is { } given)
        {
            properties.Add(UnitProperty.Of(name, given));
        }
    }

    private static ulong? Limit(long? limit) => limit is { } given ? (given < 0 ? Unlimited : (ulong)given) : null;

    private static ulong? Swap(CgroupLimits limits) =>
        limits.MemorySwap is not { } total ? null : total < 0 ? Unlimited : limits.Memory is > 0 and var memory && memory <= total ? (ulong)(total - memory) : null;

    private static ulong? Number(string value) => value == "max" ? Unlimited : ulong.TryParse(value, out var number) ? number : null;
}
