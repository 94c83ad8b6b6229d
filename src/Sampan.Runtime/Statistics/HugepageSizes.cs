using System.Globalization;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;

namespace Sampan.Runtime.Statistics;

/// <summary>The huge pages of this kernel, and their counters.</summary>
internal static class HugepageSizes
{
    private const string Source = "/sys/kernel/mm/hugepages";

    /// <summary>Reads the counters of each size the group counts.</summary>
    /// <param name="cgroup">The group.</param>
    /// <returns>By size; empty when the group is not in the controller's tree.</returns>
    public static SortedDictionary<string, HugepageStatistics> Read(Cgroup cgroup)
    {
        var all = new SortedDictionary<string, HugepageStatistics>(StringComparer.Ordinal);
        if (!Directory.Exists(Source))
        {
            return all;
        }

        var usage = cgroup.IsUnified ? "current" : "usage_in_bytes";
        foreach (var directory in Directory.EnumerateDirectories(Source))
        {
            var size = Name(Path.GetFileName(directory.AsSpan()));

            // Reservations hold more than what is touched; kernels before 5.7 do not count them.
            var prefix = $"hugetlb.{size}.rsvd.";
            if (cgroup.Read("hugetlb", prefix + usage) is not { } used)
            {
                prefix = $"hugetlb.{size}.";
                used = cgroup.Read("hugetlb", prefix + usage)!;
            }

            if (used is not null)
            {
                all[size] = new()
                {
                    Usage = CounterText.Number(used),
                    Max = CounterText.Number(cgroup, "hugetlb", prefix + "max_usage_in_bytes"),
                    Failcnt = cgroup.IsUnified
                        ? CounterText.Table(cgroup.Read("hugetlb", $"hugetlb.{size}.events"))?.GetValueOrDefault("max") ?? 0
                        : CounterText.Number(cgroup, "hugetlb", prefix + "failcnt"),
                };
            }
        }

        return all;
    }

    /// <summary>The controller's name of a size.</summary>
    /// <param name="directory">Name of its directory, such as "hugepages-2048kB".</param>
    /// <returns>Such as "2MB".</returns>
    internal static string Name(ReadOnlySpan<char> directory)
    {
        var digits = directory["hugepages-".Length..^"kB".Length];
        var kilobytes = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return kilobytes switch
        {
            >= 1 << 20 => $"{kilobytes >> 20}GB",
            >= 1 << 10 => $"{kilobytes >> 10}MB",
            _ => $"{kilobytes}KB",
        };
    }
}
