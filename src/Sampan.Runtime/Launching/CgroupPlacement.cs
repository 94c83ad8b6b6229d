namespace Sampan.Runtime.Launching;

/// <summary>Where the child goes in the cgroup trees, and what it may see of them (cgroups(7)).</summary>
public sealed record CgroupPlacement
{
    /// <summary>v1 and hybrid: absolute paths of the cgroup.procs files the child writes itself into. Empty on pure v2.</summary>
    public IReadOnlyList<string> ProcsFiles { get; init; } = [];

    /// <summary>v2: absolute path of the group, entered by CLONE_INTO_CGROUP; null on v1.</summary>
    public string? UnifiedDirectory { get; init; }

    /// <summary>The trees shown below /sys/fs/cgroup.</summary>
    public IReadOnlyList<CgroupView> Views { get; init; } = [];
}

/// <summary>One cgroup tree as a container sees it.</summary>
/// <param name="Name">Directory below /sys/fs/cgroup; empty for the only tree of pure v2.</param>
/// <param name="FilesystemType">cgroup or cgroup2.</param>
/// <param name="Data">Mount options that select the hierarchy, such as "cpu,cpuacct" or "none,name=systemd"; empty for cgroup2.</param>
/// <param name="Directory">Absolute path of the container's own group on the host.</param>
public sealed record CgroupView(string Name, string FilesystemType, string Data, string Directory);
