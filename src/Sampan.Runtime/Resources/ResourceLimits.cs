using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Resources;

/// <summary>Reads the resources of an OCI document as limits of a control group (config-linux.md, "Control groups").</summary>
public static class ResourceLimits
{
    /// <summary>Translates resources. What cannot be given is an error, never dropped.</summary>
    /// <param name="resources">From the specification; null is no limit.</param>
    /// <returns>The limits.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: a malformed device rule; <see cref="ErrorKind.Unavailable"/>: realtime, rdma, kernel memory
    /// or per-device weights.
    /// </exception>
    public static CgroupLimits Of(RuntimeResources? resources)
    {
        if (resources is null)
        {
            return CgroupLimits.None;
        }

        Refuse(resources.Cpu is { RealtimeRuntime: not null } or { RealtimePeriod: not null }, "realtime CPU limits");
        Refuse(resources.Rdma is { Count: > 0 }, "rdma limits");
        Refuse(resources.BlockIO is { WeightDevice.Count: > 0 } or { LeafWeight: not null }, "block I/O weights by device");
        return new()
        {
            Memory = resources.Memory?.Limit,
            MemoryReservation = resources.Memory?.Reservation,
            MemorySwap = resources.Memory?.Swap,
            Swappiness = resources.Memory?.Swappiness,
            DisableOomKiller = resources.Memory?.DisableOOMKiller ?? false,
            CpuShares = resources.Cpu?.Shares,
            CpuQuota = resources.Cpu?.Quota,
            CpuPeriod = resources.Cpu?.Period,
            CpuBurst = resources.Cpu?.Burst,
            CpuIdle = resources.Cpu?.Idle,
            CpusetCpus = resources.Cpu?.Cpus,
            CpusetMems = resources.Cpu?.Mems,
            Pids = resources.Pids?.Limit,
            BlockWeight = resources.BlockIO?.Weight,
            BlockThrottles = resources.BlockIO is { } block ? Throttles(block) : [],
            HugePages = HugePages(resources.HugepageLimits),
            NetworkClass = resources.Network?.ClassID,
            NetworkPriorities = Priorities(resources.Network?.Priorities),
            Devices = Devices(resources.Devices),
            Unified = resources.Unified is { Count: > 0 } unified ? [.. unified] : [],
        };
    }

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

    private static void Refuse(bool asked, string what)
    {
        if (asked)
        {
            throw SampanException.Unavailable($"{what} are not supported: remove them from the specification's linux.resources");
        }
    }
}
