using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that limit what a container may use.</summary>
internal sealed class ResourceFlags
{
    private readonly List<Ulimit> _ulimits = [];
    private readonly ValueFlag<string> _cgroupParent;
    private readonly ValueFlag<long> _cpuPeriod;
    private readonly ValueFlag<long> _cpuQuota;
    private readonly ValueFlag<long> _cpuRealtimePeriod;
    private readonly ValueFlag<long> _cpuRealtimeRuntime;
    private readonly ValueFlag<long> _cpuShares;
    private readonly ValueFlag<long> _cpus;
    private readonly ValueFlag<string> _cpusetCpus;
    private readonly ValueFlag<string> _cpusetMems;
    private readonly ValueFlag<long> _kernelMemory;
    private readonly ValueFlag<long> _memory;
    private readonly ValueFlag<long> _memoryReservation;
    private readonly ValueFlag<long> _memorySwap;
    private readonly ValueFlag<long> _memorySwappiness;
    private readonly Switch _oomKillDisable;
    private readonly ValueFlag<long> _oomScoreAdjustment;
    private readonly ValueFlag<long> _pidsLimit;
    private readonly ValueFlag<long> _shmSize;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public ResourceFlags(FlagSet flags)
    {
        _cgroupParent = flags.Text("cgroup-parent", '\0', "Optional parent cgroup for the container");
        _cpuPeriod = flags.Number("cpu-period", '\0', "Limit CPU CFS (Completely Fair Scheduler) period");
        _cpuQuota = flags.Number("cpu-quota", '\0', "Limit CPU CFS (Completely Fair Scheduler) quota");
        _cpuRealtimePeriod = flags.Number("cpu-rt-period", '\0', "Limit CPU real-time period in microseconds");
        _cpuRealtimeRuntime = flags.Number("cpu-rt-runtime", '\0', "Limit CPU real-time runtime in microseconds");
        _cpuShares = flags.Number("cpu-shares", 'c', "CPU shares (relative weight)");
        _cpus = flags.Add(new ValueFlag<long>("cpus", '\0', "Number of CPUs", "decimal", CpuCount.Parse, 0));
        _cpusetCpus = flags.Text("cpuset-cpus", '\0', "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = flags.Text("cpuset-mems", '\0', "MEMs in which to allow execution (0-3, 0,1)");
        _memory = flags.Bytes("memory", 'm', "Memory limit");
        _memoryReservation = flags.Bytes("memory-reservation", '\0', "Memory soft limit");
        _memorySwap = flags.Bytes("memory-swap", '\0', "Swap limit equal to memory plus swap: '-1' to enable unlimited swap", allowUnlimited: true);
        _memorySwappiness = flags.Number("memory-swappiness", '\0', "Tune container memory swappiness (0 to 100)", initial: -1);
        _oomKillDisable = flags.Switch("oom-kill-disable", '\0', "Disable OOM Killer");
        _oomScoreAdjustment = flags.Number("oom-score-adj", '\0', "Tune host's OOM preferences (-1000 to 1000)");
        _pidsLimit = flags.Number("pids-limit", '\0', "Tune container pids limit (set -1 for unlimited)");
        _shmSize = flags.Bytes("shm-size", '\0', "Size of /dev/shm");
        _kernelMemory = flags.Add(new ValueFlag<long>("kernel-memory", '\0', "Kernel memory limit", "bytes", ByteSize.Parse, 0) { Hidden = true });
        flags.List("ulimit", '\0', "Ulimit options", "ulimit", AddUlimit);

        // The tutorials' names: mydocker -cpushare and -cpuset, gocker --mem and --pids.
        flags.Alias("cpushare", _cpuShares);
        flags.Alias("cpuset", _cpusetCpus);
        flags.Alias("mem", _memory);
        flags.Alias("pids", _pidsLimit);
    }

    /// <summary>What docker warns of, in its words.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_kernelMemory.Value != 0)
        {
            // Kernels count it in the memory limit, and take no other (Linux 5.16).
            yield return "Specifying a kernel memory limit is deprecated and will be removed in a future release.";
        }

        if (_oomKillDisable.Value && _memory.Value == 0)
        {
            yield return "OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.";
        }
    }

    /// <summary>Adds the limits.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with limits.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: limits that contradict each other or are out of range.</exception>
    public HostConfig Apply(HostConfig host)
    {
        if (_cpus.Value != 0 && (_cpuPeriod.Value != 0 || _cpuQuota.Value != 0))
        {
            throw SampanException.InvalidArgument($"conflicting options: Nano CPUs and CPU {(_cpuPeriod.Value != 0 ? "Period" : "Quota")} cannot both be set.");
        }

        if (_oomScoreAdjustment.Value is < -1000 or > 1000)
        {
            throw SampanException.InvalidArgument($"invalid value {_oomScoreAdjustment.Value}, range for oom score adj is [-1000, 1000]");
        }

        if (_memorySwappiness.Value is < -1 or > 100)
        {
            throw SampanException.InvalidArgument($"invalid value: {_memorySwappiness.Value}. Valid memory swappiness range is 0-100");
        }

        return host with
        {
            CgroupParent = _cgroupParent.Value,
            CpuPeriod = _cpuPeriod.Value,
            CpuQuota = _cpuQuota.Value,
            CpuRealtimePeriod = _cpuRealtimePeriod.Value,
            CpuRealtimeRuntime = _cpuRealtimeRuntime.Value,
            CpuShares = _cpuShares.Value,
            CpusetCpus = _cpusetCpus.Value,
            CpusetMems = _cpusetMems.Value,
            Memory = _memory.Value,
            MemoryReservation = _memoryReservation.Value,
            MemorySwap = _memorySwap.Value,
            MemorySwappiness = _memorySwappiness.Value < 0 ? null : _memorySwappiness.Value,
            NanoCpus = _cpus.Value,
            OomKillDisable = _oomKillDisable.Changed ? _oomKillDisable.Value : null,
            OomScoreAdj = (int)_oomScoreAdjustment.Value,
            PidsLimit = _pidsLimit.Changed ? _pidsLimit.Value : null,
            ShmSize = _shmSize.Changed && _shmSize.Value != 0 ? _shmSize.Value : host.ShmSize,
            Ulimits = _ulimits.Count == 0 ? null : _ulimits,
        };
    }

    private string AddUlimit(string text)
    {
        var limit = UlimitArgument.Parse(text);
        _ulimits.RemoveAll(other => other.Name == limit.Name);
        _ulimits.Add(limit);
        return text;
    }
}
