using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Oci.Events;
using Sampan.Runtime.Statistics;

namespace Sampan.Engine.Statistics;

/// <summary>Reads what containers use, from their control groups and /proc. Looks at the host once, however many containers it reads.</summary>
public sealed class ContainerMeter
{
    private readonly CgroupHierarchy _hierarchy = CgroupHierarchy.Detect();
    private readonly ulong _hostMemory = HostMemory();

    /// <summary>Takes a sample.</summary>
    /// <param name="container">Of which container.</param>
    /// <returns>The sample; null when the container does not run.</returns>
    /// <exception cref="LinuxException">A file is there and cannot be read.</exception>
    public ContainerSample? Take(Container container)
    {
        var state = container.State;
        if (!state.Running)
        {
            return null;
        }

        try
        {
            return Read(container, state);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            // It ended, and its group was removed between the opening of a file and its reading.
            return null;
        }
    }

    private ContainerSample? Read(Container container, ContainerState state)
    {
        var group = _hierarchy.Open(RuntimeSpecBuilder.CgroupPath(container.HostConfig, container.Id));
        if (group.Directories.Count == 0)
        {
            return null;
        }

        var counters = StatisticsReader.Read(group);
        var throttling = counters.Cpu.Throttling;
        var (received, sent) = container.HostConfig.NetworkMode == "host" ? default : Network(state.Pid);
        var (read, written) = Block(counters.Blkio, group);
        return new()
        {
            Timestamp = Stopwatch.GetTimestamp(),
            Cpu = counters.Cpu.Usage.Total,
            Memory = (ulong)group.Usage.MemoryBytes,
            MemoryLimit = counters.Memory.Usage.Limit is > 0 and var limit && limit < _hostMemory ? limit : _hostMemory,
            Received = received,
            Sent = sent,
            BlockRead = read,
            BlockWritten = written,
            Tasks = counters.Pids.Current,
            Periods = throttling.Periods,
            ThrottledPeriods = throttling.ThrottledPeriods,
            OomKills = group.OomKills,
            CpuPressure = Pressure(group, "cpu.pressure"),
            MemoryPressure = Pressure(group, "memory.pressure"),
            IoPressure = Pressure(group, "io.pressure"),
        };
    }

    // Pressure is cgroup2's, and that tree has it on hybrid hosts too, where it has no controllers (accounting/psi.rst).
    private static double? Pressure(Cgroup group, string file)
    {
        if (group.CloneDirectory is not { } directory || FileTree.TryRead(directory + "/" + file) is not { } bytes)
        {
            return null;
        }

        // "some avg10=0.12 avg60=0.00 avg300=0.00 total=1234"
        const string key = "some avg10=";
        var text = Encoding.UTF8.GetString(bytes);
        var start = text.IndexOf(key, StringComparison.Ordinal);
        return start >= 0
            && double.TryParse(text.AsSpan(start + key.Length).Slice(0, text.AsSpan(start + key.Length).IndexOf(' ')), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            ? share
            : null;
    }

    // A version 1 group joins the tree of block devices only where a limit needs it. Else the processes' own accounts are added up, which hold
    // those of the children they have waited for.
    private static (ulong Read, ulong Written) Block(BlockStatistics statistics, Cgroup group)
    {
        var (read, written) = (0UL, 0UL);
        if (statistics.IoServiceBytesRecursive is { } entries)
        {
            foreach (var entry in entries)
            {
                read += entry.Op is "Read" or "read" ? entry.Value : 0;
                written += entry.Op is "Write" or "write" ? entry.Value : 0;
            }

            return (read, written);
        }

        foreach (var pid in group.IsUnified ? [] : group.Pids())
        {
            var account = Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/io"));
            read += Number(account, "\nread_bytes:");
            written += Number(account, "\nwrite_bytes:");
        }

        return (read, written);
    }

    // Lines are "eth0: bytes packets errs drop fifo frame compressed multicast bytes …" (proc_pid_net(5)).
    private static (ulong Received, ulong Sent) Network(int pid)
    {
        var (received, sent) = (0UL, 0UL);
        foreach (var line in Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net/dev")).Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (colon >= 0 && fields.Length > 8 && line[..colon].Trim() != "lo")
            {
                received += ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var incoming) ? incoming : 0;
                sent += ulong.TryParse(fields[8], NumberStyles.None, CultureInfo.InvariantCulture, out var outgoing) ? outgoing : 0;
            }
        }

        return (received, sent);
    }

    private static ulong HostMemory() => Number("\n" + Text("/proc/meminfo"), "\nMemTotal:") * 1024;

    private static ulong Number(string text, string key)
    {
        var start = text.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        var rest = text.AsSpan(start + key.Length).TrimStart();
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return ulong.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // A process that ends between open and read answers ESRCH.
    private static string Text(string path)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        var bytes = new byte[16 << 10];
        var used = 0;
        for (var count = file?.TryRead(bytes) ?? 0; count > 0; count = used < bytes.Length ? file!.TryRead(bytes.AsSpan(used)) : 0)
        {
            used += count;
        }

        return Encoding.UTF8.GetString(bytes, 0, used);
    }
}
