using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Limits of docker's HostConfig as an OCI document has them.</summary>
internal static class ResourceSpecs
{
    /// <summary>Period of --cpus in microseconds: the kernel's default.</summary>
    private const long Period = 100_000;

    private const long Billion = 1_000_000_000;

    /// <summary>Translates limits.</summary>
    /// <param name="config">Docker's.</param>
    /// <param name="host">The host.</param>
    /// <param name="devices">Device rules.</param>
    /// <returns>OCI's.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: more than the host has, or malformed.</exception>
    public static RuntimeResources Of(HostConfig config, HostFacts host, IReadOnlyList<RuntimeDeviceRule> devices)
    {
        CheckCpus(config, host);
        CheckList(config.CpusetCpus, host.Cpus, "cpuset cpus", "CPUs");
        CheckList(config.CpusetMems, host.MemoryNodes, "cpuset mems", "memory nodes");
        return new()
        {
            Devices = devices,
            Memory = Memory(config, host),
            Cpu = Cpu(config),
            BlockIO = BlockSpecs.Of(config),
            Pids = config.PidsLimit is { } pids and > 0 ? new() { Limit = pids } : null,
        };
    }

    private static RuntimeMemory? Memory(HostConfig config, HostFacts host)
    {
        if (config is { Memory: 0, MemoryReservation: 0, MemorySwap: 0, MemorySwappiness: null } && config.OomKillDisable != true)
        {
            return null;
        }

        // Docker: as much swap again as memory, where nothing is said and swap is counted at all.
        long? swap = config.MemorySwap != 0 ? config.MemorySwap : config.Memory > 0 && host.HasSwapLimit ? config.Memory * 2 : null;
        return new()
        {
            Limit = NonZero(config.Memory),
            Reservation = NonZero(config.MemoryReservation),
            Swap = swap,
            Swappiness = (ulong?)config.MemorySwappiness,
            DisableOOMKiller = config.OomKillDisable == true ? true : null,
        };
    }

    private static RuntimeCpu? Cpu(HostConfig config)
    {
        var cpu = new RuntimeCpu
        {
            Shares = config.CpuShares > 0 ? (ulong)config.CpuShares : null,
            Period = config.NanoCpus > 0 ? (ulong)Period : config.CpuPeriod > 0 ? (ulong)config.CpuPeriod : null,
            Quota = config.NanoCpus > 0 ? NanoQuota(config.NanoCpus) : NonZero(config.CpuQuota),
            RealtimePeriod = config.CpuRealtimePeriod > 0 ? (ulong)config.CpuRealtimePeriod : null,
            RealtimeRuntime = NonZero(config.CpuRealtimeRuntime),
            Cpus = config.CpusetCpus.Length > 0 ? config.CpusetCpus : null,
            Mems = config.CpusetMems.Length > 0 ? config.CpusetMems : null,
        };
        return cpu == new RuntimeCpu() ? null : cpu;
    }

    private static long NanoQuota(long nanoCpus) => (long)((Int128)nanoCpus * Period / Billion);

    private static long? NonZero(long value) => value == 0 ? null : value;

    private static void CheckCpus(HostConfig config, HostFacts host)
    {
        if (config.CpuShares < 0)
        {
            throw SampanException.InvalidArgument($"invalid CPU shares ({config.CpuShares}): value must be a positive integer");
        }

        if (config.NanoCpus == 0)
        {
            return;
        }

        var count = CpuList.TryParse(host.Cpus)?.Count ?? 1;
        if (config.NanoCpus < Billion / 100 || config.NanoCpus > count * Billion)
        {
            throw SampanException.InvalidArgument(string.Create(
                CultureInfo.InvariantCulture,
                $"Range of CPUs is from 0.01 to {count}.00, as there are only {count} CPUs available"));
        }
    }

    private static void CheckList(string asked, string available, string option, string what)
    {
        if (asked.Length == 0)
        {
            return;
        }

        var members = CpuList.TryParse(asked) ?? throw SampanException.InvalidArgument($"Invalid value {asked} for {option}");
        if (!members.IsSubsetOf(CpuList.TryParse(available) ?? members))
        {
            throw SampanException.InvalidArgument($"Requested {what} are not available - requested {asked}, available: {available}");
        }
    }
}
