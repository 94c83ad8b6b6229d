using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The limits a container is created with and update can change.</summary>
internal sealed class LimitFlags
{
    private readonly ValueFlag<ushort> _blkioWeight;
    private readonly ValueFlag<long> _cpuPeriod;
    private readonly ValueFlag<long> _cpuQuota;
    private readonly ValueFlag<long> _cpuShares;
    private readonly ValueFlag<long> _cpus;
    private readonly ValueFlag<string> _cpusetCpus;
    private readonly ValueFlag<string> _cpusetMems;
    private readonly ValueFlag<long> _memory;
    private readonly ValueFlag<long> _memoryReservation;
    private readonly ValueFlag<long> _memorySwap;
    private readonly ValueFlag<long> _pidsLimit;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    /// <param name="unlimited">How docker's help of the command spells -1.</param>
    public LimitFlags(FlagSet flags, string unlimited)
    {
        _blkioWeight = flags.Add(new ValueFlag<ushort>(
            "blkio-weight", '\0', "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)", "uint16", BlockWeight.Parse, 0));
        _cpuPeriod = flags.Number("cpu-period", '\0', "Limit CPU CFS (Completely Fair Scheduler) period");
        _cpuQuota = flags.Number("cpu-quota", '\0', "Limit CPU CFS (Completely Fair Scheduler) quota");
        _cpuShares = flags.Number("cpu-shares", 'c', "CPU shares (relative weight)");
        _cpus = flags.Add(new ValueFlag<long>("cpus", '\0', "Number of CPUs", "decimal", CpuCount.Parse, 0));
        _cpusetCpus = flags.Text("cpuset-cpus", '\0', "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = flags.Text("cpuset-mems", '\0', "MEMs in which to allow execution (0-3, 0,1)");
        _memory = flags.Bytes("memory", 'm', "Memory limit");
        _memoryReservation = flags.Bytes("memory-reservation", '\0', "Memory soft limit");
        _memorySwap = flags.Bytes("memory-swap", '\0', $"Swap limit equal to memory plus swap: {unlimited} to enable unlimited swap", allowUnlimited: true);
        _pidsLimit = flags.Number("pids-limit", '\0', "Tune container pids limit (set -1 for unlimited)");
    }

    /// <summary>Bytes of memory; 0 where no limit is asked for.</summary>
    public long Memory => _memory.Value;

    /// <summary>Offers the tutorials' names too: mydocker -cpushare and -cpuset, gocker --mem and --pids.</summary>
    /// <param name="flags">Where they were declared.</param>
    public void Alias(FlagSet flags)
    {
        flags.Alias("cpushare", _cpuShares);
        flags.Alias("cpuset", _cpusetCpus);
        flags.Alias("mem", _memory);
        flags.Alias("pids", _pidsLimit);
    }

    /// <summary>Adds them to what a container is created with.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with limits.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: limits that contradict each other.</exception>
    public HostConfig Apply(HostConfig host)
    {
        if (_cpus.Value != 0 && (_cpuPeriod.Value != 0 || _cpuQuota.Value != 0))
        {
            throw SampanException.InvalidArgument($"conflicting options: Nano CPUs and CPU {(_cpuPeriod.Value != 0 ? "Period" : "Quota")} cannot both be set.");
        }

        return host with
        {
            BlkioWeight = _blkioWeight.Value,
            CpuPeriod = _cpuPeriod.Value,
            CpuQuota = _cpuQuota.Value,
            CpuShares = _cpuShares.Value,
            CpusetCpus = _cpusetCpus.Value,
            CpusetMems = _cpusetMems.Value,
            Memory = _memory.Value,
            MemoryReservation = _memoryReservation.Value,
            MemorySwap = _memorySwap.Value,
            NanoCpus = _cpus.Value,
            PidsLimit = PidsLimit,
        };
    }

    /// <summary>The change they ask for; what contradicts the container's other limits is the engine's to refuse.</summary>
    public UpdateRequest ToRequest() => new()
    {
        BlkioWeight = _blkioWeight.Value,
        CpuPeriod = _cpuPeriod.Value,
        CpuQuota = _cpuQuota.Value,
        CpuShares = _cpuShares.Value,
        NanoCpus = _cpus.Value,
        CpusetCpus = _cpusetCpus.Value,
        CpusetMems = _cpusetMems.Value,
        Memory = _memory.Value,
        MemoryReservation = _memoryReservation.Value,
        MemorySwap = _memorySwap.Value,
        PidsLimit = PidsLimit,
    };

    private long? PidsLimit => _pidsLimit.Changed ? _pidsLimit.Value : null;
}
