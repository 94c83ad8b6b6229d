using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags of update: a document, or single values. A zero or an empty text changes nothing, as in runc.</summary>
internal sealed class UpdateFlags
{
    private const int LongestDocument = 16 << 20;

    private readonly ValueFlag<string> _resources;
    private readonly ValueFlag<long> _blockWeight;
    private readonly ValueFlag<long> _period;
    private readonly ValueFlag<long> _quota;
    private readonly ValueFlag<long> _burst;
    private readonly ValueFlag<long> _share;
    private readonly ValueFlag<long> _realtimePeriod;
    private readonly ValueFlag<long> _realtimeRuntime;
    private readonly ValueFlag<string> _cpus;
    private readonly ValueFlag<string> _mems;
    private readonly ValueFlag<long> _memory;
    private readonly ValueFlag<long> _reservation;
    private readonly ValueFlag<long> _swap;
    private readonly ValueFlag<long> _pids;
    private readonly ValueFlag<long> _idle;
    private readonly ValueFlag<string> _cacheSchema;
    private readonly ValueFlag<string> _bandwidthSchema;

    public UpdateFlags(FlagSet flags)
    {
        _resources = flags.Text("resources", 'r', "path to the file containing the resources to update or '-' to read from the standard input");
        _blockWeight = flags.Number("blkio-weight", '\0', "Specifies per cgroup weight, range is from 10 to 1000");
        _period = flags.Number("cpu-period", '\0', "CPU CFS period to be used for hardcapping (in usecs). 0 to use system default");
        _quota = flags.Number("cpu-quota", '\0', "CPU CFS hardcap limit (in usecs). Allowed cpu time in a given period");
        _burst = flags.Number("cpu-burst", '\0', "CPU CFS hardcap burst limit (in usecs). Allowed accumulated cpu time additionally for burst a given period");
        _share = flags.Number("cpu-share", '\0', "CPU shares (relative weight vs. other containers)");
        _realtimePeriod = flags.Number("cpu-rt-period", '\0', "CPU realtime period to be used for hardcapping (in usecs). 0 to use system default");
        _realtimeRuntime = flags.Number("cpu-rt-runtime", '\0', "CPU realtime hardcap limit (in usecs). Allowed cpu time in a given period");
        _cpus = flags.Text("cpuset-cpus", '\0', "CPU(s) to use");
        _mems = flags.Text("cpuset-mems", '\0', "Memory node(s) to use");
        _memory = flags.Bytes("memory", '\0', "Memory limit (in bytes)", allowUnlimited: true);
        _reservation = flags.Bytes("memory-reservation", '\0', "Memory reservation or soft_limit (in bytes)", allowUnlimited: true);
        _swap = flags.Bytes("memory-swap", '\0', "Total memory usage (memory + swap); set '-1' to enable unlimited swap", allowUnlimited: true);
        _pids = flags.Number("pids-limit", '\0', "Maximum number of pids allowed in the container");
        _idle = flags.Number("cpu-idle", '\0', "set cgroup SCHED_IDLE or not, 0: default behavior, 1: SCHED_IDLE");
        _cacheSchema = flags.Text("l3-cache-schema", '\0', "The string of Intel RDT/CAT L3 cache schema");
        _bandwidthSchema = flags.Text("mem-bw-schema", '\0', "The string of Intel RDT/MBA memory bandwidth schema");
    }

    /// <summary>What is asked for.</summary>
    /// <returns>A change: what is absent stays.</returns>
    /// <exception cref="SampanException">The document cannot be read.</exception>
    public RuntimeResources Read() => _resources.Value.Length > 0 ? ReadDocument(_resources.Value) : new()
    {
        Memory = new() { Limit = Given(_memory), Reservation = Given(_reservation), Swap = Given(_swap) },
        Cpu = new()
        {
            Period = (ulong?)Given(_period),
            Quota = Given(_quota),
            Burst = _burst.Changed ? (ulong)_burst.Value : null,
            Shares = (ulong?)Given(_share),
            RealtimePeriod = (ulong?)Given(_realtimePeriod),
            RealtimeRuntime = Given(_realtimeRuntime),
            Cpus = _cpus.Value.Length > 0 ? _cpus.Value : null,
            Mems = _mems.Value.Length > 0 ? _mems.Value : null,
            Idle = _idle.Changed ? _idle.Value : null,
        },
        Pids = _pids.Changed ? new() { Limit = _pids.Value } : null,
        BlockIO = Given(_blockWeight) is { } weight ? new() { Weight = (ushort)weight } : null,
    };

    /// <summary>What is asked for of cache and memory bandwidth.</summary>
    /// <returns>The schemas; null for none.</returns>
    public RuntimeIntelRdt? ReadSchemas() => _cacheSchema.Value.Length + _bandwidthSchema.Value.Length == 0
        ? null
        : new() { L3CacheSchema = _cacheSchema.Value, MemBwSchema = _bandwidthSchema.Value };

    private static long? Given(ValueFlag<long> flag) => flag.Value == 0 ? null : flag.Value;

    private static RuntimeResources ReadDocument(string path)
    {
        using var file = path == "-" ? new FileDescriptor(0, owned: false) : FileDescriptor.Open(path, OpenFlags.ReadOnly);
        return CallersDocument.Read(file.ReadToEnd(LongestDocument), RuntimeJson.RuntimeResources, $"resources document {path}");
    }
}
