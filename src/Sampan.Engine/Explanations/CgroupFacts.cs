using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux.Cgroups;

namespace Sampan.Engine.Explanations;

/// <summary>The control files of a container's group: those its limits were written to, and those nobody asked for that are not as new.</summary>
internal static class CgroupFacts
{
    private const long PageSize = 4096;

    // No limit of memory is the largest number of pages there is (memory.rst).
    private const long AlmostUnlimited = 0x7FFF_FFFF_FFFF_0000;

    private static readonly (string Controller, string File, string Value)[] Unlimited =
    [
        ("memory", "memory.limit_in_bytes", "-1"), ("memory", "memory.memsw.limit_in_bytes", "-1"), ("memory", "memory.soft_limit_in_bytes", "-1"),
        ("cpu", "cpu.cfs_quota_us", "-1"), ("cpu", "cpu.shares", "1024"), ("pids", "pids.max", "max"),
        ("memory", "memory.max", "max"), ("memory", "memory.high", "max"), ("memory", "memory.low", "0"), ("memory", "memory.min", "0"),
        ("memory", "memory.swap.max", "max"), ("cpu", "cpu.max", "max 100000"), ("cpu", "cpu.weight", "100"),
    ];

    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="expected">What a start writes.</param>
    /// <param name="read">Reads a file of the group: controller and file; null where there is none.</param>
    public static List<Fact> Of(HostConfig host, IReadOnlyList<CgroupSetting> expected, Func<string, string, string?> read)
    {
        var facts = new List<Fact>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var setting in expected)
        {
            if (setting.Controller == "devices")
            {
                continue;
            }

            var (file, asked) = (setting.File, setting.Value);
            var value = read(setting.Controller, file);
            if (value is null && setting.OtherFile is { } other)
            {
                (file, asked) = (other, setting.OtherValue ?? asked);
                value = read(setting.Controller, file);
            }

            known.Add(file);
            if (value is null && setting.Optional)
            {
                continue;
            }

            facts.Add(Fact.Of(file, value is null ? "not there" : file == "cpu.max" ? value : Shown(asked, value), asked, Origin(host, file), value is not null && IsSame(file, asked, value)));
        }

        foreach (var (controller, file, standard) in Unlimited)
        {
            if (known.Add(file) && read(controller, file) is { } value && !IsSame(file, standard, value))
            {
                facts.Add(Fact.Of(file, Line(value), standard, "nobody asked for a limit", same: false));
            }
        }

        return facts;
    }

    private static bool IsSame(string file, string asked, string value)
    {
        if (value == asked)
        {
            return true;
        }

        if (file is "cpuset.cpus" or "cpuset.mems")
        {
            // The kernel writes 0-1 for 0,1.
            return CpuList.TryParse(asked) is { } wantedList && CpuList.TryParse(value) is { } actualList && wantedList.SetEquals(actualList);
        }

        if (file == "memory.oom_control")
        {
            return value.Contains("oom_kill_disable " + asked, StringComparison.Ordinal);
        }

        if (asked.Contains(' ', StringComparison.Ordinal) && file != "cpu.max")
        {
            // A device and its limit, one line of several; io.max names all limits of the device.
            return Shown(asked, value) != Line(value) || Has(value, asked);
        }

        if (!long.TryParse(asked, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wanted)
            || !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var actual))
        {
            return false;
        }

        // Memory is counted in whole pages.
        var isMemory = file.StartsWith("memory.", StringComparison.Ordinal);
        return (wanted < 0 && actual >= AlmostUnlimited) || (isMemory && wanted - actual is >= 0 and < PageSize);
    }

    private static bool Has(string value, string asked)
    {
        var words = asked.Split(' ');
        foreach (var line in value.Split('\n'))
        {
            var there = line.Split(' ');
            if (Array.TrueForAll(words, word => Array.IndexOf(there, word) >= 0))
            {
                return true;
            }
        }

        return false;
    }

    private static string Shown(string asked, string value)
    {
        if (asked.Contains(' ', StringComparison.Ordinal))
        {
            foreach (var line in value.Split('\n'))
            {
                if (Has(line, asked))
                {
                    return line;
                }
            }
        }

        return Line(value);
    }

    private static string Line(string value) => value.Replace('\n', ',');

    private static string Origin(HostConfig host, string file) => file switch
    {
        "memory.limit_in_bytes" or "memory.max" => Flag("--memory", host.Memory),
        "memory.memsw.limit_in_bytes" or "memory.swap.max" => host.MemorySwap != 0 ? Flag("--memory-swap", host.MemorySwap) : "default: as much swap as --memory",
        "memory.soft_limit_in_bytes" or "memory.low" => Flag("--memory-reservation", host.MemoryReservation),
        "memory.swappiness" => Flag("--memory-swappiness", host.MemorySwappiness ?? 0),
        "memory.oom_control" => "--oom-kill-disable",
        "cpu.shares" or "cpu.weight" => Flag("--cpu-shares", host.CpuShares),
        "cpu.cfs_quota_us" or "cpu.cfs_period_us" or "cpu.max" => CpuTime(host, file),
        "cpu.rt_period_us" => Flag("--cpu-rt-period", host.CpuRealtimePeriod),
        "cpu.rt_runtime_us" => Flag("--cpu-rt-runtime", host.CpuRealtimeRuntime),
        "cpuset.cpus" => $"--cpuset-cpus {host.CpusetCpus}",
        "cpuset.mems" => $"--cpuset-mems {host.CpusetMems}",
        "pids.max" => Flag("--pids-limit", host.PidsLimit ?? 0),
        "blkio.bfq.weight" or "blkio.weight" or "io.bfq.weight" or "io.weight" => host.BlkioWeight != 0 ? Flag("--blkio-weight", host.BlkioWeight) : "--blkio-weight-device",
        "blkio.bfq.weight_device" or "blkio.weight_device" => "--blkio-weight-device",
        "blkio.throttle.read_bps_device" => "--device-read-bps",
        "blkio.throttle.write_bps_device" => "--device-write-bps",
        "blkio.throttle.read_iops_device" => "--device-read-iops",
        "blkio.throttle.write_iops_device" => "--device-write-iops",
        "io.max" => "--device-read-bps, --device-write-bps, --device-read-iops, --device-write-iops",
        _ => "default",
    };

    private static string CpuTime(HostConfig host, string file)
    {
        if (host.NanoCpus > 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"--cpus {host.NanoCpus / 1e9:0.#########}");
        }

        return file == "cpu.cfs_period_us" || host.CpuQuota == 0 ? Flag("--cpu-period", host.CpuPeriod) : Flag("--cpu-quota", host.CpuQuota);
    }

    private static string Flag(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value}");
}
