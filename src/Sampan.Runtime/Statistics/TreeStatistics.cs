using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;

namespace Sampan.Runtime.Statistics;

/// <summary>Counters of version 1 trees (admin-guide/cgroup-v1).</summary>
internal static class TreeStatistics
{
    /// <summary>cpuacct.stat counts in ticks of USER_HZ, which is 100 for every program (time(7)).</summary>
    private const ulong NanosecondsPerTick = 10_000_000;

    /// <summary>Reads them.</summary>
    /// <param name="cgroup">The group.</param>
    /// <returns>The counters.</returns>
    public static ContainerStatistics Read(Cgroup cgroup) => new()
    {
        Cpu = new() { Usage = Cpu(cgroup), Throttling = Throttling(cgroup) },
        Cpuset = Cpuset(cgroup),
        Memory = Memory(cgroup),
        Pids = new()
        {
            Current = CounterText.Number(cgroup, "pids", "pids.current"),
            Limit = CounterText.Number(cgroup, "pids", "pids.max") is not ulong.MaxValue and var limit ? limit : 0,
        },
        Blkio = TreeBlockStatistics.Read(cgroup),
        Hugetlb = HugepageSizes.Read(cgroup),
    };

    private static CpuUsage Cpu(Cgroup cgroup)
    {
        var ticks = CounterText.Table(cgroup.Read("cpuacct", "cpuacct.stat"));

        // "cpu user system", then one line a CPU, in nanoseconds.
        List<ulong>? user = null;
        List<ulong>? kernel = null;
        var all = cgroup.Read("cpuacct", "cpuacct.usage_all").AsSpan();
        foreach (var range in all.Split('\n'))
        {
            if (CounterText.Row(all[range].ToString()) is { Count: 3 } row && !all[range].StartsWith("cpu"))
            {
                (user ??= []).Add(row[1]);
                (kernel ??= []).Add(row[2]);
            }
        }

        return new()
        {
            Total = CounterText.Number(cgroup, "cpuacct", "cpuacct.usage"),
            Percpu = CounterText.Row(cgroup.Read("cpuacct", "cpuacct.usage_percpu")),
            PercpuKernel = kernel,
            PercpuUser = user,
            Kernel = (ticks?.GetValueOrDefault("system") ?? 0) * NanosecondsPerTick,
            User = (ticks?.GetValueOrDefault("user") ?? 0) * NanosecondsPerTick,
        };
    }

    private static CpuThrottling Throttling(Cgroup cgroup)
    {
        var table = CounterText.Table(cgroup.Read("cpu", "cpu.stat"));
        return new()
        {
            Periods = table?.GetValueOrDefault("nr_periods") ?? 0,
            ThrottledPeriods = table?.GetValueOrDefault("nr_throttled") ?? 0,
            ThrottledTime = table?.GetValueOrDefault("throttled_time") ?? 0,
        };
    }

    // A container that nobody has bound to CPUs is not in this tree: its processes are bound as the group above is.
    private static CpusetStatistics Cpuset(Cgroup cgroup)
    {
        ulong Number(string name) => CounterText.Number(cgroup.ReadInherited("cpuset", "cpuset." + name));
        return new()
        {
            Cpus = CounterText.Set(cgroup.ReadInherited("cpuset", "cpuset.cpus")),
            CpuExclusive = Number("cpu_exclusive"),
            Mems = CounterText.Set(cgroup.ReadInherited("cpuset", "cpuset.mems")),
            MemHardwall = Number("mem_hardwall"),
            MemExclusive = Number("mem_exclusive"),
            MemoryMigrate = Number("memory_migrate"),
            MemorySpreadPage = Number("memory_spread_page"),
            MemorySpreadSlab = Number("memory_spread_slab"),
            MemoryPressure = Number("memory_pressure"),
            SchedLoadBalance = Number("sched_load_balance"),
            SchedRelaxDomainLevel = long.TryParse(cgroup.ReadInherited("cpuset", "cpuset.sched_relax_domain_level"), out var level) ? level : 0,
        };
    }

    private static MemoryStatistics Memory(Cgroup cgroup)
    {
        var raw = CounterText.Table(cgroup.Read("memory", "memory.stat"));
        return new()
        {
            Cache = raw?.GetValueOrDefault("cache") ?? 0,
            Usage = Entry(cgroup, "memory."),
            Swap = Entry(cgroup, "memory.memsw."),
            Kernel = Entry(cgroup, "memory.kmem."),
            KernelTCP = Entry(cgroup, "memory.kmem.tcp."),
            Raw = raw,
        };
    }

    private static MemoryEntry Entry(Cgroup cgroup, string prefix) => new()
    {
        Limit = CounterText.Number(cgroup, "memory", prefix + "limit_in_bytes"),
        Usage = CounterText.Number(cgroup, "memory", prefix + "usage_in_bytes"),
        Max = CounterText.Number(cgroup, "memory", prefix + "max_usage_in_bytes"),
        Failcnt = CounterText.Number(cgroup, "memory", prefix + "failcnt"),
    };
}
