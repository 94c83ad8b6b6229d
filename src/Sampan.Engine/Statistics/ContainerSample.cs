namespace Sampan.Engine.Statistics;

/// <summary>What a container had used at one moment. Counters of controllers the host lacks are 0.</summary>
public sealed record ContainerSample
{
    /// <summary>When it was taken, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Timestamp { get; init; }

    /// <summary>CPU time in nanoseconds.</summary>
    public ulong Cpu { get; init; }

    /// <summary>Bytes of memory, less the page cache that can be had back at once, as docker counts.</summary>
    public ulong Memory { get; init; }

    /// <summary>The most bytes of memory it may have: its limit, or what the host has.</summary>
    public ulong MemoryLimit { get; init; }

    /// <summary>Bytes received by its network devices, but loopback.</summary>
    public ulong Received { get; init; }

    /// <summary>Bytes sent by its network devices, but loopback.</summary>
    public ulong Sent { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public ulong BlockRead { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public ulong BlockWritten { get; init; }

    /// <summary>Tasks, threads included.</summary>
    public ulong Tasks { get; init; }

    /// <summary>Periods of its CPU quota that have passed.</summary>
    public ulong Periods { get; init; }

    /// <summary>Periods in which the quota was used up.</summary>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>Processes the kernel killed for want of memory.</summary>
    public long OomKills { get; init; }

    /// <summary>Part of the last ten seconds in which some of its tasks waited for a CPU, in per cent; null where the kernel does not say.</summary>
    public double? CpuPressure { get; init; }

    /// <summary>The same for memory.</summary>
    public double? MemoryPressure { get; init; }

    /// <summary>The same for block devices.</summary>
    public double? IoPressure { get; init; }
}
