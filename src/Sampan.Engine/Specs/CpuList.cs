using System.Globalization;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Engine.Specs;

/// <summary>A list of CPUs or memory nodes as the kernel writes it: "0-3,8" (cpuset(7), "List format").</summary>
internal static class CpuList
{
    /// <summary>More than any kernel can have (CONFIG_NR_CPUS is at most 8192).</summary>
    private const int Most = 8192;

    /// <summary>CPUs that are online.</summary>
    /// <returns>A list as text.</returns>
    public static string OnlineCpus() => Read("/sys/devices/system/cpu/online");

    /// <summary>Memory nodes that are online; "0" on a kernel without NUMA.</summary>
    /// <returns>A list as text.</returns>
    public static string OnlineNodes() => Read("/sys/devices/system/node/online");

    /// <summary>Reads a list.</summary>
    /// <param name="text">Such as "0-3,8".</param>
    /// <returns>Its members in order; null when it is malformed.</returns>
    public static SortedSet<int>? TryParse(string text)
    {
        var members = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryNumber(dash < 0 ? part : part[..dash], out var first) || !TryNumber(dash < 0 ? part : part[(dash + 1)..], out var last) || last < first)
            {
                return null;
            }

            for (var member = first; member <= last; member++)
            {
                members.Add(member);
            }
        }

        return members;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;

    private static string Read(string path) => FileTree.TryRead(path) is { } content ? Encoding.ASCII.GetString(content).TrimEnd() : "0";
}
