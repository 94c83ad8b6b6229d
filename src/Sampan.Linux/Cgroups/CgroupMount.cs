namespace Sampan.Linux.Cgroups;

/// <summary>A mounted cgroup tree.</summary>
/// <param name="Mountpoint">Where it is mounted.</param>
/// <param name="Controllers">Version 1 controllers, "name=systemd" for a named tree; empty for cgroup2.</param>
/// <param name="Unified">Whether it is cgroup2.</param>
public sealed record CgroupMount(string Mountpoint, IReadOnlyList<string> Controllers, bool Unified)
{
    /// <summary>Which part of the tree the mount shows; "/" is all of it (proc_pid_mountinfo(5), field 4).</summary>
    public string Root { get; init; } = "/";

    /// <summary>What the tree is called below /sys/fs/cgroup, such as "cpu,cpuacct".</summary>
    public string Name { get; init; } = Path.GetFileName(Mountpoint);

    /// <summary>Whether a version 1 controller lives here.</summary>
    /// <param name="controller">Such as "memory".</param>
    /// <returns>True when it does.</returns>
    public bool Has(string controller)
    {
        for (var index = 0; index < Controllers.Count; index++)
        {
            if (Controllers[index] == controller)
            {
                return true;
            }
        }

        return false;
    }
}
