namespace Sampan.Runtime.Launching;

/// <summary>One cgroup tree as a container sees it.</summary>
/// <param name="Name">Directory below /sys/fs/cgroup; empty for the only tree of pure v2.</param>
/// <param name="FilesystemType">cgroup or cgroup2.</param>
/// <param name="Data">Mount options that select the hierarchy, such as "cpu,cpuacct" or "none,name=systemd"; empty for cgroup2.</param>
/// <param name="Directory">Absolute path of the container's own group on the host.</param>
public sealed record CgroupView(string Name, string FilesystemType, string Data, string Directory);
