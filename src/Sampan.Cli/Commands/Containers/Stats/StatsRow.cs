using System.Diagnostics;
using System.Globalization;
using Sampan.Cli.Formatting;
using Sampan.Engine.Containers;
using Sampan.Engine.Statistics;

namespace Sampan.Cli.Commands.Containers.Stats;

/// <summary>A container as stats lists it: what it did between two samples.</summary>
/// <param name="Container">The container.</param>
/// <param name="Label">The container as the user named it, or its id.</param>
/// <param name="Truncate">Ids are shortened.</param>
/// <param name="Before">The sample before; null when it has only now started, or does not run.</param>
/// <param name="Now">The last sample; null when it does not run.</param>
internal sealed record StatsRow(Container Container, string Label, bool Truncate, ContainerSample? Before, ContainerSample? Now)
{
    private const string Unknown = "--";

    /// <summary>The fields a format may name: docker's, and the kernel's complaints.</summary>
    public static IReadOnlyList<Column<StatsRow>> Columns { get; } =
    [
        new("BlockIO", "BLOCK I/O", static row => Pair(row.Now?.BlockRead, row.Now?.BlockWritten)),
        new("CPUPerc", "CPU %", static row => Share(row.Cpu)),
        new("CPUPressure", "CPU PSI", static row => Pressure(row.Now?.CpuPressure)),
        new("Container", "CONTAINER", static row => row.Label),
        new("ID", "CONTAINER ID", static row => row.Id),
        new("IOPressure", "IO PSI", static row => Pressure(row.Now?.IoPressure)),
        new("MemPerc", "MEM %", static row => Share(row.Memory)),
        new("MemPressure", "MEM PSI", static row => Pressure(row.Now?.MemoryPressure)),
        new("MemUsage", "MEM USAGE / LIMIT", static row => $"{HumanSize.FormatMemory((long)(row.Now?.Memory ?? 0))} / {HumanSize.FormatMemory((long)(row.Now?.MemoryLimit ?? 0))}"),
        new("Name", "NAME", static row => row.Container.Name),
        new("NetIO", "NET I/O", static row => Pair(row.Now?.Received, row.Now?.Sent)),
        new("OOMKills", "OOM KILLS", static row => (row.Now?.OomKills ?? 0).ToString(CultureInfo.InvariantCulture)),
        new("PIDs", "PIDS", static row => (row.Now?.Tasks ?? 0).ToString(CultureInfo.InvariantCulture)),
        new("Throttled", "THROTTLED", static row => Share(row.Throttled)),
    ];

    /// <summary>The id, shortened unless told otherwise.</summary>
    public string Id => Truncate ? Ellipsis.Id(Container.Id) : Container.Id;

    /// <summary>CPU time between the samples by the time between them; 100 is one CPU.</summary>
    public double Cpu
    {
        get
        {
            var elapsed = Before is null || Now is null ? 0 : Stopwatch.GetElapsedTime(Before.Timestamp, Now.Timestamp).TotalNanoseconds;
            return elapsed <= 0 || Now!.Cpu < Before!.Cpu ? 0 : 100.0 * (Now.Cpu - Before.Cpu) / elapsed;
        }
    }

    /// <summary>Memory by what it may have, in per cent.</summary>
    public double Memory => Now is null or { MemoryLimit: 0 } ? 0 : 100.0 * Now.Memory / Now.MemoryLimit;

    /// <summary>Periods between the samples in which its CPU quota was used up, in per cent of all of them.</summary>
    public double Throttled =>
        Before is null || Now is null || Now.Periods <= Before.Periods ? 0 : 100.0 * (Now.ThrottledPeriods - Before.ThrottledPeriods) / (Now.Periods - Before.Periods);

    private static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture) + "%";

    private static string Pressure(double? share) => share is { } known ? Share(known) : Unknown;

    private static string Pair(ulong? one, ulong? other) => $"{HumanSize.Format((long)(one ?? 0))} / {HumanSize.Format((long)(other ?? 0))}";
}
