using System.Globalization;
using Sampan.Linux.Cgroups;

namespace Sampan.Runtime.Statistics;

/// <summary>The forms in which control files hold numbers.</summary>
internal static class CounterText
{
    /// <summary>A file of one number.</summary>
    /// <param name="cgroup">The group.</param>
    /// <param name="controller">The controller.</param>
    /// <param name="file">The file.</param>
    /// <returns>The number; <see cref="ulong.MaxValue"/> for "max", 0 where there is no file.</returns>
    public static ulong Number(Cgroup cgroup, string controller, string file) => Number(cgroup.Read(controller, file));

    /// <summary>One number.</summary>
    /// <param name="text">Its text.</param>
    /// <returns>The number; <see cref="ulong.MaxValue"/> for "max", 0 for what is none.</returns>
    public static ulong Number(ReadOnlySpan<char> text) =>
        text is "max" ? ulong.MaxValue : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Numbers between spaces.</summary>
    /// <param name="text">Text of one line.</param>
    /// <returns>The numbers; null when there are none.</returns>
    public static List<ulong>? Row(string? text)
    {
        var row = new List<ulong>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            if (text.AsSpan()[range] is { IsEmpty: false } field)
            {
                row.Add(Number(field));
            }
        }

        return row.Count == 0 ? null : row;
    }

    /// <summary>Lines of "key number".</summary>
    /// <param name="text">Text of the file; null has no lines.</param>
    /// <returns>By key, sorted by it as Go's JSON encoder sorts; null when there are none.</returns>
    public static SortedDictionary<string, ulong>? Table(string? text)
    {
        var table = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            var space = line.IndexOf(' ');
            if (space > 0)
            {
                table[line[..space].ToString()] = Number(line[(space + 1)..]);
            }
        }

        return table.Count == 0 ? null : table;
    }

    /// <summary>A list such as "0-2,5" (cpusets.rst, "List format").</summary>
    /// <param name="text">Its text.</param>
    /// <returns>Each number; null when there are none.</returns>
    public static List<ushort>? Set(string? text)
    {
        var set = new List<ushort>();
        foreach (var range in text.AsSpan().Split(','))
        {
            var part = text.AsSpan()[range];
            if (part.IsEmpty)
            {
                continue;
            }

            var dash = part.IndexOf('-');
            var last = Number(part[(dash + 1)..]);
            for (var number = dash < 0 ? last : Number(part[..dash]); number <= last && number <= ushort.MaxValue; number++)
            {
                set.Add((ushort)number);
            }
        }

        return set.Count == 0 ? null : set;
    }
}
