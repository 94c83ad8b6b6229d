using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;

namespace Sampan.Runtime.Statistics;

/// <summary>Counters of version 2 (admin-guide/cgroup-v2.rst) under the names of version 1, as runc gives them.</summary>
internal static class UnifiedStatistics
{
    /// <summary>Reads them.</summary>
    /// <param name="cgroup">The group.</param>
    /// <returns>The counters.</returns>
    public static ContainerStatistics Read(Cgroup cgroup)
    {
        var cpu = CounterText.Table(cgroup.Read("cpu", "cpu.stat"));
        ulong Microseconds(string key) => (cpu?.GetValueOrDefault(key) ?? 0) * 1000;
        return new()
        {
            Cpu = new()
            {
                Usage = new() { Total = Microseconds("usage_usec"), Kernel = Microseconds("system_usec"), User = Microseconds("user_usec") },
                Throttling = new()
                {
                    Periods = cpu?.GetValueOrDefault("nr_periods") ?? 0,
                    ThrottledPeriods = cpu?.GetValueOrDefault("nr_throttled") ?? 0,
                    ThrottledTime = Microseconds("throttled_usec"),
                },
            },
            Memory = Memory(cgroup),
            Pids = new()
            {
                Current = CounterText.Number(cgroup, "pids", "pids.current"),
                Limit = CounterText.Number(cgroup, "pids", "pids.max") is not ulong.MaxValue and var limit ? limit : 0,
            },
            Blkio = Block(cgroup),
            Hugetlb = HugepageSizes.Read(cgroup),
        };
    }

    private static MemoryStatistics Memory(Cgroup cgroup)
    {
        if (CounterText.Table(cgroup.Read("memory", "memory.stat")) is not { } raw)
        {
            return new();
        }

        MemoryEntry usage = new()
        {
            Limit = CounterText.Number(cgroup, "memory", "memory.max"),
            Usage = CounterText.Number(cgroup, "memory", "memory.current"),
            Max = CounterText.Number(cgroup, "memory", "memory.peak"),
        };
        return new()
        {
            Cache = raw.GetValueOrDefault("file"),
            Usage = usage,
            Swap = Swap(cgroup, usage),
            Raw = raw,
        };
    }

    // Version 2 counts swap alone; readers know it as memory and swap together.
    private static MemoryEntry Swap(Cgroup cgroup, MemoryEntry memory)
    {
        if (cgroup.Read("memory", "memory.swap.current") is not { } current)
        {
            return memory with { Max = 0 };
        }

        var limit = CounterText.Number(cgroup, "memory", "memory.swap.max");
        return new()
        {
            Limit = limit == ulong.MaxValue || memory.Limit == ulong.MaxValue ? ulong.MaxValue : limit + memory.Limit,
            Usage = CounterText.Number(current) + memory.Usage,
        };
    }

    // Lines are "8:0 rbytes=90112 wbytes=0 rios=22 wios=0 dbytes=0 dios=0".
    private static BlockStatistics Block(Cgroup cgroup)
    {
        List<BlockEntry>? bytes = null;
        List<BlockEntry>? operations = null;
        var text = cgroup.Read("io", "io.stat").AsSpan();
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            var colon = line.IndexOf(':');
            var space = line.IndexOf(' ');
            if (colon < 0 || space < colon)
            {
                continue;
            }

            var major = CounterText.Number(line[..colon]);
            var minor = CounterText.Number(line[(colon + 1)..space]);
            foreach (var field in line.Split(' '))
            {
                var item = line[field];
                var sign = item.IndexOf('=');
                if (sign < 0)
                {
                    continue;
                }

                BlockEntry Entry(string operation, ulong value) => new() { Major = major, Minor = minor, Op = operation, Value = value };
                var value = CounterText.Number(item[(sign + 1)..]);
                switch (item[..sign])
                {
                    case "rbytes":
                        (bytes ??= []).Add(Entry("Read", value));
                        break;
                    case "wbytes":
                        (bytes ??= []).Add(Entry("Write", value));
                        break;
                    case "rios":
                        (operations ??= []).Add(Entry("Read", value));
                        break;
                    case "wios":
                        (operations ??= []).Add(Entry("Write", value));
                        break;
                }
            }
        }

        return new() { IoServiceBytesRecursive = bytes, IoServicedRecursive = operations };
    }
}
