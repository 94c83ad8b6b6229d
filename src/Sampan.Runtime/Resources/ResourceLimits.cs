using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Resources;

/// <summary>Reads the resources of an OCI document as limits of a control group (config-linux.md, "Control groups").</summary>
public static class ResourceLimits
{
    /// <summary>
    /// Translates resources. What cannot be given is an error when the group is made, never dropped; a 0 where the kernel has no such
    /// limit (memory, CPU time, weights, tasks) asks for nothing, as in runc, whose callers send zeros for what their users left out.
    /// </summary>
    /// <param name="resources">From the specification; null is no limit.</param>
    /// <returns>The limits.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a malformed device rule.</exception>
    public static CgroupLimits Of(RuntimeResources? resources)
    {
        if (resources is null)
        {
            return CgroupLimits.None;
        }

        var memory = resources.Memory;
        var cpu = resources.Cpu;
        return new()
        {
            Memory = memory?.Limit is 0 ? null : memory?.Limit,
            MemoryReservation = memory?.Reservation is 0 ? null : memory?.Reservation,
            MemorySwap = memory?.Swap is 0 ? null : memory?.Swap,
            CheckMemoryFirst = memory?.CheckBeforeUpdate ?? false,
            MemoryUseHierarchy = memory?.UseHierarchy,
            Swappiness = memory?.Swappiness,
            DisableOomKiller = memory?.DisableOOMKiller is true ? true : null,
            CpuShares = cpu?.Shares is 0 ? null : cpu?.Shares,
            CpuQuota = cpu?.Quota is 0 ? null : cpu?.Quota,
            CpuPeriod = cpu?.Period is 0 ? null : cpu?.Period,
            CpuBurst = cpu?.Burst,
            CpuIdle = cpu?.Idle,
            CpuRealtimeRuntime = cpu?.RealtimeRuntime is 0 ? null : cpu?.RealtimeRuntime,
            CpuRealtimePeriod = cpu?.RealtimePeriod is 0 ? null : cpu?.RealtimePeriod,
            CpusetCpus = cpu?.Cpus,
            CpusetMems = cpu?.Mems,

            // No task at all would keep the first from being cloned into the group: one is the least, which none can be added to.
            Pids = resources.Pids?.Limit is 0 ? 1 : resources.Pids?.Limit,
            BlockWeight = resources.BlockIO?.Weight is 0 ? null : resources.BlockIO?.Weight,
            BlockLeafWeight = resources.BlockIO?.LeafWeight is 0 ? null : resources.BlockIO?.LeafWeight,
            BlockDeviceWeights = Weights(resources.BlockIO?.WeightDevice),
            BlockThrottles = resources.BlockIO is { } block ? Throttles(block) : [],
            HugePages = HugePages(resources.HugepageLimits),
            Rdma = Rdma(resources.Rdma),
            NetworkClass = resources.Network?.ClassID is 0 ? null : resources.Network?.ClassID,
            NetworkPriorities = Priorities(resources.Network?.Priorities),
            Devices = Devices(resources.Devices),
            Unified = resources.Unified is { Count: > 0 } unified ? [.. unified] : [],
        };
    }

    /// <summary>
    /// The limits of a container of an OCI runtime: as <see cref="Of"/>, with the device list runc gives a container. It begins with
    /// everything denied, and after the document's rules come the devices every container has (<see cref="DefaultDevices"/>). CPU shares
    /// become the weight runc 1.1 gives them.
    /// </summary>
    /// <param name="linux">The document's linux section; null has no limits, but a device list.</param>
    /// <returns>The limits.</returns>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static CgroupLimits ForContainer(RuntimeLinux? linux)
    {
        var limits = Of(linux?.Resources);
        return limits with
        {
            CpuWeight = Weight(limits.CpuShares),
            Devices = [DeviceRule.DenyAll, .. limits.Devices ?? [], .. DefaultDevices.RulesBeside(linux?.Devices)],
        };
    }

    /// <summary>
    /// Weight from shares as runc 1.1 has it, a straight line from 2 and 262144 shares to 1 and 10000. runc 1.3 bends the line, so that
    /// 1024 shares become 100 instead of 39.
    /// </summary>
    /// <param name="shares">Shares; what is beyond the scale counts as its end.</param>
    /// <returns>1 to 10000; null for null.</returns>
    internal static ulong? Weight(ulong? shares) => shares is { } given ? 1 + ((Math.Clamp(given, 2, 262_144) - 2) * 9999 / 262_142) : null;

    /// <summary>What the document asks for and no kernel gives any more, in runc's words; runc warns of it and goes on.</summary>
    /// <param name="resources">From the specification.</param>
    /// <returns>Lines for the log; mostly none.</returns>
    public static IReadOnlyList<string> Warnings(RuntimeResources? resources) =>
        resources?.Memory is { Kernel: not null } or { KernelTCP: not null } ? ["Kernel memory settings are ignored and will be removed"] : [];

    private static DeviceRule[]? Devices(IReadOnlyList<RuntimeDeviceRule>? rules)
    {
        if (rules is null)
        {
            return null;
        }

        var devices = new DeviceRule[rules.Count];
        for (var index = 0; index < devices.Length; index++)
        {
            devices[index] = Device(rules[index]);
        }

        return devices;
    }

    private static DeviceRule Device(RuntimeDeviceRule rule)
    {
        var type = string.IsNullOrEmpty(rule.Type) ? 'a' : rule.Type[0];
        var access = DeviceAccess.All;
        var accessIsValid = string.IsNullOrEmpty(rule.Access) || DeviceAccessLetters.TryParse(rule.Access, out access);
        if (type is not ('a' or 'b' or 'c') || rule.Type is { Length: > 1 } || !accessIsValid)
        {
            throw SampanException.InvalidArgument($"device rule: type \"{rule.Type}\" access \"{rule.Access}\": not a, b or c with letters of rwm");
        }

        // Number -1 is "all" in documents of older runtimes.
        return new(rule.Allow, type, rule.Major is >= 0 ? rule.Major : null, rule.Minor is >= 0 ? rule.Minor : null, access);
    }

    private static List<BlockDeviceWeight> Weights(IReadOnlyList<RuntimeWeightDevice>? devices)
    {
        var weights = new List<BlockDeviceWeight>();
        for (var index = 0; index < (devices?.Count ?? 0); index++)
        {
            var device = devices![index];
            weights.Add(new(device.Major, device.Minor, device.Weight is 0 ? null : device.Weight, device.LeafWeight is 0 ? null : device.LeafWeight));
        }

        return weights;
    }

    private static List<RdmaLimit> Rdma(IReadOnlyDictionary<string, RuntimeRdma>? devices)
    {
        var limits = new List<RdmaLimit>();
        if (devices is not null)
        {
            foreach (var (device, limit) in devices)
            {
                limits.Add(new(device, limit.HcaHandles, limit.HcaObjects));
            }
        }

        return limits;
    }

    private static List<BlockThrottle> Throttles(RuntimeBlockIo block)
    {
        var throttles = new List<BlockThrottle>();
        Add(throttles, block.ThrottleReadBpsDevice, false, false);
        Add(throttles, block.ThrottleWriteBpsDevice, true, false);
        Add(throttles, block.ThrottleReadIOPSDevice, false, true);
        Add(throttles, block.ThrottleWriteIOPSDevice, true, true);
        return throttles;
    }

    private static void Add(List<BlockThrottle> throttles, IReadOnlyList<RuntimeThrottleDevice>? devices, bool write, bool operations)
    {
        for (var index = 0; index < (devices?.Count ?? 0); index++)
        {
            throttles.Add(new(devices![index].Major, devices[index].Minor, write, operations, devices[index].Rate));
        }
    }

    private static List<KeyValuePair<string, ulong>> HugePages(IReadOnlyList<RuntimeHugepageLimit>? limits)
    {
        var pages = new List<KeyValuePair<string, ulong>>();
        for (var index = 0; index < (limits?.Count ?? 0); index++)
        {
            pages.Add(new(limits![index].PageSize, limits[index].Limit));
        }

        return pages;
    }

    private static List<KeyValuePair<string, uint>> Priorities(IReadOnlyList<RuntimeInterfacePriority>? interfaces)
    {
        var priorities = new List<KeyValuePair<string, uint>>();
        for (var index = 0; index < (interfaces?.Count ?? 0); index++)
        {
            priorities.Add(new(interfaces![index].Name, interfaces[index].Priority));
        }

        return priorities;
    }
}
