using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that limit what a container may use.</summary>
internal sealed class ResourceFlags
{
    private readonly List<Ulimit> _ulimits = [];
    private readonly LimitFlags _limits;
    private readonly ValueFlag<string> _cgroupParent;
    private readonly ValueFlag<long> _cpuRealtimePeriod;
    private readonly ValueFlag<long> _cpuRealtimeRuntime;
    private readonly ValueFlag<long> _kernelMemory;
    private readonly ValueFlag<long> _memorySwappiness;
    private readonly Switch _oomKillDisable;
    private readonly ValueFlag<long> _oomScoreAdjustment;
    private readonly ValueFlag<long> _shmSize;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public ResourceFlags(FlagSet flags)
    {
        _limits = new(flags, "'-1'");
        _cgroupParent = flags.Text("cgroup-parent", '\0', "Optional parent cgroup for the container");
        _cpuRealtimePeriod = flags.Number("cpu-rt-period", '\0', "Limit CPU real-time period in microseconds");
        _cpuRealtimeRuntime = flags.Number("cpu-rt-runtime", '\0', "Limit CPU real-time runtime in microseconds");
        _memorySwappiness = flags.Number("memory-swappiness", '\0', "Tune container memory swappiness (0 to 100)", initial: -1);
        _oomKillDisable = flags.Switch("oom-kill-disable", '\0', "Disable OOM Killer");
        _oomScoreAdjustment = flags.Number("oom-score-adj", '\0', "Tune host's OOM preferences (-1000 to 1000)");
        _shmSize = flags.Bytes("shm-size", '\0', "Size of /dev/shm");
        _kernelMemory = flags.Add(new ValueFlag<long>("kernel-memory", '\0', "Kernel memory limit", "bytes", ByteSize.Parse, 0) { Hidden = true });
        flags.List("ulimit", '\0', "Ulimit options", "ulimit", AddUlimit);
        _limits.Alias(flags);
    }

    /// <summary>What docker warns of, in its words.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_kernelMemory.Value != 0)
        {
            // Kernels count it in the memory limit, and take no other (Linux 5.16).
            yield return "Specifying a kernel memory limit is deprecated and will be removed in a future release.";
        }

        if (_oomKillDisable.Value && _limits.Memory == 0)
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
        if (_oomScoreAdjustment.Value is < -1000 or > 1000)
        {
            throw SampanException.InvalidArgument($"invalid value {_oomScoreAdjustment.Value}, range for oom score adj is [-1000, 1000]");
        }

        if (_memorySwappiness.Value is < -1 or > 100)
        {
            throw SampanException.InvalidArgument($"invalid value: {_memorySwappiness.Value}. Valid memory swappiness range is 0-100");
        }

        return _limits.Apply(host) with
        {
            CgroupParent = _cgroupParent.Value,
            CpuRealtimePeriod = _cpuRealtimePeriod.Value,
            CpuRealtimeRuntime = _cpuRealtimeRuntime.Value,
            MemorySwappiness = _memorySwappiness.Value < 0 ? null : _memorySwappiness.Value,
            OomKillDisable = _oomKillDisable.Changed ? _oomKillDisable.Value : null,
            OomScoreAdj = (int)_oomScoreAdjustment.Value,
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
