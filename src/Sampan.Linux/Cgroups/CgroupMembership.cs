namespace Sampan.Linux.Cgroups;

/// <summary>The groups a process is in, tree by tree, as the reader's cgroup namespace shows them (cgroups(7), "/proc/PID/cgroup").</summary>
public sealed class CgroupMembership
{
    private readonly List<(string[] Controllers, string Path)> _lines = [];

    /// <summary>Parses the text.</summary>
    /// <param name="text">Lines "number:controllers:path".</param>
    internal CgroupMembership(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3)
            {
                _lines.Add((parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries), parts[2]));
            }
        }
    }

    /// <summary>Reads a process's.</summary>
    /// <param name="pid">Its pid; null is this process.</param>
    /// <returns>The groups; none when it is gone.</returns>
    public static CgroupMembership Of(int? pid = null) => new(CgroupFile.TryRead(pid is { } number ? $"/proc/{number}/cgroup" : "/proc/self/cgroup") ?? "");

    /// <summary>The group in one tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <returns>Its path below the mount, without a slash at its end: empty for what the mount shows as its root, or when it is not below that.</returns>
    public string In(CgroupMount tree)
    {
        foreach (var (controllers, path) in _lines)
        {
            var same = tree.Unified ? controllers.Length == 0 : controllers.Length > 0 && tree.Has(controllers[0]);
            if (same)
            {
                // A mount may show a part of the tree only; paths in /proc do not know of that.
                var below = tree.Root.Length > 1 && (path + "/").StartsWith(tree.Root + "/", StringComparison.Ordinal) ? path[tree.Root.Length..] : path;
                return below.TrimEnd('/');
            }
        }

        return "";
    }

    /// <summary>Where in a group of the unified tree the process is.</summary>
    /// <param name="group">The group's path.</param>
    /// <returns>The rest of the path; null when the process is in that very group, or elsewhere.</returns>
    public string? Below(string group)
    {
        foreach (var (controllers, path) in _lines)
        {
            if (controllers.Length == 0)
            {
                return path.StartsWith(group + "/", StringComparison.Ordinal) ? path[(group.Length + 1)..] : null;
            }
        }

        return null;
    }
}
