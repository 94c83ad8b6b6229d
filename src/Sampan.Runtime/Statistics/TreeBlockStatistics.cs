using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;

namespace Sampan.Runtime.Statistics;

/// <summary>Block I/O of version 1 (admin-guide/cgroup-v1/blkio-controller.rst): which files count depends on the scheduler.</summary>
internal static class TreeBlockStatistics
{
    private static readonly string[] Everything = ["bfq.", ""];
    private static readonly string[] Some = ["bfq.", "throttle."];

    /// <summary>Reads the first set of files that has counted anything: bfq's, cfq's of old kernels, the throttler's.</summary>
    /// <param name="cgroup">The group.</param>
    /// <returns>The counters; empty when nothing was counted.</returns>
    public static BlockStatistics Read(Cgroup cgroup)
    {
        foreach (var scheduler in Everything)
        {
            if (Entries(cgroup, scheduler + "sectors_recursive") is { } sectors)
            {
                return new()
                {
                    SectorsRecursive = sectors,
                    IoServiceTimeRecursive = Entries(cgroup, scheduler + "io_service_time_recursive"),
                    IoWaitTimeRecursive = Entries(cgroup, scheduler + "io_wait_time_recursive"),
                    IoMergedRecursive = Entries(cgroup, scheduler + "io_merged_recursive"),
                    IoQueueRecursive = Entries(cgroup, scheduler + "io_queued_recursive"),
                    IoTimeRecursive = Entries(cgroup, scheduler + "time_recursive"),
                    IoServicedRecursive = Entries(cgroup, scheduler + "io_serviced_recursive"),
                    IoServiceBytesRecursive = Entries(cgroup, scheduler + "io_service_bytes_recursive"),
                };
            }
        }

        foreach (var scheduler in Some)
        {
            if (Entries(cgroup, scheduler + "io_serviced_recursive") is { } serviced)
            {
                return new() { IoServicedRecursive = serviced, IoServiceBytesRecursive = Entries(cgroup, scheduler + "io_service_bytes_recursive") };
            }
        }

        return Entries(cgroup, "throttle.io_serviced") is { } own
            ? new() { IoServicedRecursive = own, IoServiceBytesRecursive = Entries(cgroup, "throttle.io_service_bytes") }
            : new();
    }

    // Lines are "8:0 Read 124" or "8:0 6792"; the last, "Total 228", is the sum over devices.
    private static List<BlockEntry>? Entries(Cgroup cgroup, string file)
    {
        List<BlockEntry>? entries = null;
        var text = cgroup.Read("blkio", "blkio." + file).AsSpan();
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            var colon = line.IndexOf(':');
            var space = line.IndexOf(' ');
            var last = line.LastIndexOf(' ');
            if (colon > 0 && colon < space)
            {
                (entries ??= []).Add(new()
                {
                    Major = CounterText.Number(line[..colon]),
                    Minor = CounterText.Number(line[(colon + 1)..space]),
                    Op = last > space ? line[(space + 1)..last].ToString() : null,
                    Value = CounterText.Number(line[(last + 1)..]),
                });
            }
        }

        return entries;
    }
}
