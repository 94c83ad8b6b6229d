using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;

namespace Sampan.Runtime.Statistics;

/// <summary>Reads a container's counters for <c>events</c>.</summary>
public static class StatisticsReader
{
    /// <summary>Reads all counters once. What the kernel does not count, or the group is not in a tree for, is zero or left out, as in runc.</summary>
    /// <param name="cgroup">The container's group.</param>
    /// <returns>The counters.</returns>
    /// <exception cref="Linux.LinuxException">A file is there and cannot be read.</exception>
    public static ContainerStatistics Read(Cgroup cgroup) =>
        cgroup.IsUnified ? UnifiedStatistics.Read(cgroup) : TreeStatistics.Read(cgroup);
}
