using Sampan.Linux;
using Sampan.Linux.Cgroups;

namespace Sampan.Runtime.Launching;

/// <summary>Where the child goes in the cgroup trees, and what it may see of them (cgroups(7)).</summary>
public sealed record CgroupPlacement
{
    /// <summary>v1 and hybrid: absolute paths of the files the child writes "0" into. Empty on pure v2.</summary>
    public IReadOnlyList<string> JoinFiles { get; init; } = [];

    /// <summary>v2 and hybrid: absolute path of the cgroup2 group, entered by CLONE_INTO_CGROUP; null on v1.</summary>
    public string? CloneDirectory { get; init; }

    /// <summary>The trees shown below /sys/fs/cgroup.</summary>
    public IReadOnlyList<CgroupView> Views { get; init; } = [];

    /// <summary>The placement in a group that has been made.</summary>
    /// <param name="cgroup">The group.</param>
    /// <returns>Its files, and a view of each of its trees: a container sees no tree it is not in.</returns>
    public static CgroupPlacement In(Cgroup cgroup)
    {
        var trees = cgroup.Trees;
        var directories = cgroup.Directories;
        var views = new CgroupView[trees.Count];
        for (var i = 0; i < views.Length; i++)
        {
            var tree = trees[i];
            var name = trees.Count == 1 && tree.Unified ? "" : tree.Name;
            views[i] = new(name, tree.Unified ? "cgroup2" : "cgroup", string.Join(',', tree.Controllers), directories[i]);
        }

        return new() { JoinFiles = cgroup.JoinFiles, CloneDirectory = cgroup.CloneDirectory, Views = views };
    }

    /// <summary>The placement of a container that gets no group: it stays in its maker's.</summary>
    /// <param name="hierarchy">The trees.</param>
    /// <returns>No files. Views without a directory can be shown through a cgroup namespace only.</returns>
    public static CgroupPlacement Nowhere(CgroupHierarchy hierarchy)
    {
        var trees = hierarchy.Trees;
        var views = new CgroupView[trees.Count];
        for (var i = 0; i < views.Length; i++)
        {
            views[i] = new(trees.Count == 1 && trees[i].Unified ? "" : trees[i].Name, trees[i].Unified ? "cgroup2" : "cgroup", string.Join(',', trees[i].Controllers), "");
        }

        return new() { Views = views };
    }

    /// <summary>The placement in groups inside a container's (exec --cgroup).</summary>
    /// <param name="cgroup">The container's group.</param>
    /// <param name="inner">Paths below it by controller; "" is every tree.</param>
    /// <returns>The files; no views, which only a container's first process needs.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a path leads out of the group, or there is no such controller.</exception>
    public static CgroupPlacement Below(Cgroup cgroup, IReadOnlyDictionary<string, string> inner)
    {
        var trees = cgroup.Trees;
        var joins = new List<string>(trees.Count);
        string? unified = null;
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < trees.Count; i++)
        {
            var path = cgroup.Directories[i];
            foreach (var (controller, below) in inner)
            {
                if (controller.Length == 0 || trees[i].Has(controller))
                {
                    used.Add(controller);
                    path = Inside(cgroup.Directories[i], below);
                }
            }

            if (trees[i].Unified)
            {
                unified = path;
            }
            else
            {
                joins.Add(path + "/tasks");
            }
        }

        foreach (var controller in inner.Keys)
        {
            if (!used.Contains(controller))
            {
                throw SampanException.InvalidArgument($"unknown controller {controller} in --cgroup: the container is in no such tree");
            }
        }

        return new() { JoinFiles = joins, CloneDirectory = unified };
    }

    private static string Inside(string directory, string below)
    {
        var path = Path.GetFullPath($"{directory}/{below}");
        return path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal)
            ? path.TrimEnd('/')
            : throw SampanException.InvalidArgument($"{below} is not a sub cgroup path");
    }
}
