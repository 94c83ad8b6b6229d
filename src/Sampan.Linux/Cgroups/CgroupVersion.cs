namespace Sampan.Linux.Cgroups;

/// <summary>How this host arranges control groups (cgroups(7)).</summary>
public enum CgroupVersion
{
    /// <summary>One tree per controller, no cgroup2 mount.</summary>
    V1,

    /// <summary>Controllers on version 1 trees and a cgroup2 mount beside them.</summary>
    Hybrid,

    /// <summary>One unified tree.</summary>
    V2,
}
