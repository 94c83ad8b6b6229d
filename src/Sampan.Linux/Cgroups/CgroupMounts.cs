using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Cgroups;

/// <summary>Finds the mounted cgroup trees in one read of /proc/self/mountinfo (proc_pid_mountinfo(5)): this is on the path of every run.</summary>
internal static class CgroupMounts
{
    /// <summary>Super options that are not controllers.</summary>
    private static readonly string[] Flags =
    [
        "rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "nsdelegate", "favordynmods", "memory_localevents",
        "memory_recursiveprot", "memory_hugetlb_accounting", "pids_localevents",
    ];

    /// <summary>Reads this process's mounts.</summary>
    /// <param name="mountRoot">Only mounts at or below this directory.</param>
    /// <returns>The trees in mount order, each tree once.</returns>
    /// <exception cref="LinuxException">/proc is not mounted.</exception>
    public static List<CgroupMount> Read(string mountRoot)
    {
        using var file = FileDescriptor.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        return Parse(file.ReadToEnd(), mountRoot);
    }

    /// <summary>Parses the text of mountinfo.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="mountRoot">Only mounts at or below this directory.</param>
    /// <returns>The trees in mount order, each tree once.</returns>
    public static List<CgroupMount> Parse(ReadOnlySpan<byte> text, string mountRoot)
    {
        var mounts = new List<CgroupMount>(12);
        Span<byte> root = stackalloc byte[Encoding.UTF8.GetMaxByteCount(mountRoot.Length)];
        root = root[..Encoding.UTF8.GetBytes(mountRoot, root)];
        var rest = text;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];

            // A later mount on the root itself hides all that was mounted below it before.
            if (Field(line, 4).SequenceEqual(root))
            {
                mounts.Clear();
            }

            // Everything before " - " is variable; the type right after it decides, so most lines cost one search.
            var separator = line.IndexOf(" - cgroup"u8);
            if (separator < 0)
            {
                continue;
            }

            var tail = line[(separator + 9)..];
            var unified = tail.StartsWith("2 "u8);
            if (!unified && !tail.StartsWith(" "u8))
            {
                continue;
            }

            var mountpoint = Unescape(Field(line, 4));
            if (!mountpoint.StartsWith(mountRoot, StringComparison.Ordinal))
            {
                continue;
            }

            var shown = Field(line, 3);
            Add(mounts, new(mountpoint, unified ? [] : Controllers(Field(tail[1..], 1)), unified) { Root = shown.SequenceEqual("/"u8) ? "/" : Unescape(shown) });
        }

        return mounts;
    }

    private static void Add(List<CgroupMount> mounts, CgroupMount mount)
    {
        foreach (var known in mounts)
        {
            if (known.Unified == mount.Unified && (mount.Unified || (mount.Controllers.Count > 0 && known.Has(mount.Controllers[0]))))
            {
                return;
            }
        }

        mounts.Add(mount);
    }

    private static List<string> Controllers(ReadOnlySpan<byte> options)
    {
        var controllers = new List<string>(2);
        while (!options.IsEmpty)
        {
            var comma = options.IndexOf((byte)',');
            var option = Encoding.UTF8.GetString(comma < 0 ? options : options[..comma]);
            options = comma < 0 ? default : options[(comma + 1)..];
            if (Array.IndexOf(Flags, option) < 0 && !option.StartsWith("release_agent=", StringComparison.Ordinal))
            {
                controllers.Add(option);
            }
        }

        return controllers;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        while (true)
        {
            var space = line.IndexOf((byte)' ');
            if (index-- == 0)
            {
                return space < 0 ? line : line[..space];
            }

            if (space < 0)
            {
                return default;
            }

            line = line[(space + 1)..];
        }
    }

    // mountinfo writes space, tab, newline and backslash as three octal digits.
    private static string Unescape(ReadOnlySpan<byte> field)
    {
        if (field.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(field);
        }

        var bytes = new byte[field.Length];
        var length = 0;
        for (var index = 0; index < field.Length; index++)
        {
            if (field[index] == '\\' && index + 3 < field.Length)
            {
                bytes[length++] = (byte)(((field[index + 1] - '0') << 6) | ((field[index + 2] - '0') << 3) | (field[index + 3] - '0'));
                index += 3;
            }
            else
            {
                bytes[length++] = field[index];
            }
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
    }
}
