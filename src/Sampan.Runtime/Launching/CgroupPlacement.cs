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
            var name = trees.Count == 1 && tree.Unified ? "" : Path.GetFileName(tree.Mountpoint);
            views[i] = new(name, tree.Unified ? "cgroup2" : "cgroup", string.Join(',', tree.Controllers), directories[i]);
        }

        return new() { JoinFiles = cgroup.JoinFiles, CloneDirectory = cgroup.CloneDirectory, Views = views };
    }
}
