using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Resources;

/// <summary>Changes limits of a container that runs (runc-update(8)).</summary>
public static class ResourceUpdate
{
    /// <summary>
    /// Puts a change over what a container has. The whole is needed because limits hang together: swap on version 2 is what remains of
    /// memory and swap, quota and period share a file.
    /// </summary>
    /// <param name="current">What the container has; null is nothing.</param>
    /// <param name="change">What is asked for; absent, zero or empty stays as it is.</param>
    /// <returns>What the container has afterwards, for its record.</returns>
    public static RuntimeResources Merge(RuntimeResources? current, RuntimeResources change)
    {
        current ??= new();
        return current with
        {
            Devices = change.Devices ?? current.Devices,
            Memory = Merge(current.Memory, change.Memory),
            Cpu = Merge(current.Cpu, change.Cpu),
            Pids = change.Pids?.Limit is null ? current.Pids : change.Pids,
            BlockIO = Merge(current.BlockIO, change.BlockIO),
            HugepageLimits = change.HugepageLimits ?? current.HugepageLimits,
            Network = change.Network ?? current.Network,
            Rdma = change.Rdma ?? current.Rdma,
            Unified = Merge(current.Unified, change.Unified),
        };
    }

    /// <summary>Changes a container's group. The group is as before when the kernel refuses a limit.</summary>
    /// <param name="cgroup">The group.</param>
    /// <param name="linux">The container's linux section, with what it has now.</param>
    /// <param name="change">What is asked for. Device rules, where there are any, take the place of all rules of the document.</param>
    /// <returns>What the container has now, for its record.</returns>
    /// <exception cref="SampanException">As <see cref="Cgroup.Apply"/> and <see cref="ResourceLimits.Of"/>.</exception>
    /// <exception cref="LinuxException">The kernel refuses a write.</exception>
    public static RuntimeResources Apply(Cgroup cgroup, RuntimeLinux? linux, RuntimeResources change)
    {
        var merged = Merge(linux?.Resources, change);
        var limits = ResourceLimits.ForContainer((linux ?? new()) with { Resources = merged });

        // An idle group takes no weight (the kernel's EINVAL): what it had is given back when it ceases to be idle.
        var keepsWeight = limits.CpuIdle is 1 && change.Cpu?.Shares is null or 0;
        cgroup.Apply(limits with
        {
            CpuShares = keepsWeight ? null : limits.CpuShares,
            CpuWeight = keepsWeight ? null : limits.CpuWeight,
            DisableOomKiller = change.Memory?.DisableOOMKiller,
            Devices = change.Devices is null ? null : limits.Devices,
        });
        return merged;
    }

    private static RuntimeMemory? Merge(RuntimeMemory? current, RuntimeMemory? change)
    {
        if (change is null)
        {
            return current;
        }

        current ??= new();

        // Unlimited memory below limited memory and swap is no limit lifted (runc-update(8), and version 1 refuses it).
        var swap = change.Limit is -1 && change.Swap is null or 0 ? -1 : change.Swap;
        return current with
        {
            Limit = Given(change.Limit, current.Limit),
            Reservation = Given(change.Reservation, current.Reservation),
            Swap = Given(swap, current.Swap),
            Swappiness = change.Swappiness ?? current.Swappiness,
            DisableOOMKiller = change.DisableOOMKiller ?? current.DisableOOMKiller,
            UseHierarchy = change.UseHierarchy ?? current.UseHierarchy,
            CheckBeforeUpdate = change.CheckBeforeUpdate ?? current.CheckBeforeUpdate,
        };
    }

    private static RuntimeCpu? Merge(RuntimeCpu? current, RuntimeCpu? change)
    {
        if (change is null)
        {
            return current;
        }

        current ??= new();
        return current with
        {
            Shares = change.Shares is 0 ? current.Shares : change.Shares ?? current.Shares,
            Quota = Given(change.Quota, current.Quota),
            Period = change.Period is 0 ? current.Period : change.Period ?? current.Period,
            Burst = change.Burst ?? current.Burst,
            Idle = change.Idle ?? current.Idle,
            RealtimeRuntime = Given(change.RealtimeRuntime, current.RealtimeRuntime),
            RealtimePeriod = change.RealtimePeriod is 0 ? current.RealtimePeriod : change.RealtimePeriod ?? current.RealtimePeriod,
            Cpus = string.IsNullOrEmpty(change.Cpus) ? current.Cpus : change.Cpus,
            Mems = string.IsNullOrEmpty(change.Mems) ? current.Mems : change.Mems,
        };
    }

    private static RuntimeBlockIo? Merge(RuntimeBlockIo? current, RuntimeBlockIo? change)
    {
        if (change is null)
        {
            return current;
        }

        current ??= new();
        return current with
        {
            Weight = change.Weight is 0 ? current.Weight : change.Weight ?? current.Weight,
            LeafWeight = change.LeafWeight is 0 ? current.LeafWeight : change.LeafWeight ?? current.LeafWeight,
            WeightDevice = change.WeightDevice ?? current.WeightDevice,
            ThrottleReadBpsDevice = change.ThrottleReadBpsDevice ?? current.ThrottleReadBpsDevice,
            ThrottleWriteBpsDevice = change.ThrottleWriteBpsDevice ?? current.ThrottleWriteBpsDevice,
            ThrottleReadIOPSDevice = change.ThrottleReadIOPSDevice ?? current.ThrottleReadIOPSDevice,
            ThrottleWriteIOPSDevice = change.ThrottleWriteIOPSDevice ?? current.ThrottleWriteIOPSDevice,
        };
    }

    private static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? current, IReadOnlyDictionary<string, string>? change)
    {
        if (change is null || current is null)
        {
            return change ?? current;
        }

        var merged = new Dictionary<string, string>(current);
        foreach (var (file, value) in change)
        {
            merged[file] = value;
        }

        return merged;
    }

    private static long? Given(long? change, long? current) => change is null or 0 ? current : change;
}
