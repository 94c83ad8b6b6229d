using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan update.</summary>
internal sealed class UpdateCommand : Command
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
    private readonly ValueFlag<string> _restart;

    /// <summary>Declares the flags.</summary>
    public UpdateCommand()
    {
        _blkioWeight = Flags.Add(new ValueFlag<ushort>(
            "blkio-weight", '\0', "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)", "uint16", BlockWeight.Parse, 0));
        _cpuPeriod = Flags.Number("cpu-period", '\0', "Limit CPU CFS (Completely Fair Scheduler) period");
        _cpuQuota = Flags.Number("cpu-quota", '\0', "Limit CPU CFS (Completely Fair Scheduler) quota");
        _cpuShares = Flags.Number("cpu-shares", 'c', "CPU shares (relative weight)");
        _cpus = Flags.Add(new ValueFlag<long>("cpus", '\0', "Number of CPUs", "decimal", CpuCount.Parse, 0));
        _cpusetCpus = Flags.Text("cpuset-cpus", '\0', "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = Flags.Text("cpuset-mems", '\0', "MEMs in which to allow execution (0-3, 0,1)");
        _memory = Flags.Bytes("memory", 'm', "Memory limit");
        _memoryReservation = Flags.Bytes("memory-reservation", '\0', "Memory soft limit");
        _memorySwap = Flags.Bytes("memory-swap", '\0', "Swap limit equal to memory plus swap: -1 to enable unlimited swap", allowUnlimited: true);
        _pidsLimit = Flags.Number("pids-limit", '\0', "Tune container pids limit (set -1 for unlimited)");
        _restart = Flags.Text("restart", '\0', "Restart policy to apply when a container exits");
        Flags.Unsupported("cpu-rt-period", "cpu-rt-runtime", "kernel-memory");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!Flags.All.Any(flag => flag.Changed))
        {
            throw SampanException.InvalidArgument("you must provide one or more flags when using this command");
        }

        var change = ToRequest();
        return session.ForEach(arguments, name =>
        {
            session.Engine.Update(session.Engine.Containers.Find(name), change);
            session.Out.WriteLine(name);
        });
    }

    private UpdateRequest ToRequest() => new()
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
        PidsLimit = _pidsLimit.Changed ? _pidsLimit.Value : null,
        RestartPolicy = _restart.Changed ? RestartArgument.Parse(_restart.Value) : null,
    };
}
