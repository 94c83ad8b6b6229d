namespace Sampan.Linux.Cgroups;

/// <summary>The unified tree (cgroup-v2.rst).</summary>
/// <param name="mount">The tree.</param>
internal sealed class CgroupV2Hierarchy(CgroupMount mount) : CgroupHierarchy(CgroupVersion.V2)
{
    private readonly string _mountpoint = mount.Mountpoint;

    // What a container's group has where the host can: limits may come later (update), and stats need them.
    private static readonly string[] Wanted = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc"];

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => [mount];

    /// <inheritdoc/>
    public override bool HasSwapLimit =>
        // The root group has no limits at all; /proc/swaps does not tell about accounting, but swapaccount=0 is gone since Linux 5.19.
        Has("memory");

    /// <inheritdoc/>
    public override bool Has(string controller) =>
        controller switch
        {
            "devices" or "freezer" => true,
            "blkio" => Contains(Controllers(""), "io"),
            "cpuacct" => Contains(Controllers(""), "cpu"),
            _ => Contains(Controllers(""), controller),
        };

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupSetting> Explain(CgroupLimits limits) => CgroupV2Settings.Of(limits);

    /// <inheritdoc/>
    public override Cgroup Create(string path, CgroupLimits limits, bool forEngine = false)
    {
        CheckPath(path);
        var settings = CgroupV2Settings.Of(limits);
        var available = Controllers("");
        foreach (var setting in settings)
        {
            if (setting.Controller != "cgroup" && !Contains(available, setting.Controller))
            {
                throw Missing(setting);
            }
        }

        var group = new CgroupV2(path, _mountpoint);
        try
        {
            MakeFresh(_mountpoint, path, forEngine);
            Enable(path, available);
            group.Write(settings, limits.Devices);
            return group;
        }
        catch (Exception error) when (error is LinuxException or SampanException { Kind: not ErrorKind.Conflict })
        {
            group.Remove();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Cgroup Foresee(string path, CgroupLimits limits) => Open(path);

    /// <inheritdoc/>
    public override Cgroup Open(string path)
    {
        CheckPath(path);
        return new CgroupV2(path, _mountpoint);
    }

    /// <inheritdoc/>
    internal override Cgroup Adopt(string path, CgroupLimits limits, IReadOnlyList<CgroupMount> named)
    {
        Enable(path, Controllers(""));
        var group = Open(path);
        group.Apply(limits);
        return group;
    }

    /// <inheritdoc/>
    internal override Cgroup OpenWith(string path, IReadOnlyList<CgroupMount> named) => Open(path);

    /// <summary>
    /// Enables controllers from the root down to the group's parent (cgroup-v2.rst, "Enabling and Disabling"). Each one alone: one
    /// that is refused must not take the others with it; a limit that then lacks its file says so itself.
    /// </summary>
    /// <param name="path">The group.</param>
    /// <param name="available">What the root has.</param>
    internal void Enable(string path, string available)
    {
        var present = Controllers(path);
        for (var slash = 0; slash >= 0 && slash < path.Length; slash = path.IndexOf('/', slash + 1))
        {
            foreach (var controller in Wanted)
            {
                if (Contains(available, controller) && !Contains(present, controller))
                {
                    _ = CgroupFile.TryWrite(_mountpoint + path[..slash] + "/cgroup.subtree_control", "+" + controller);
                }
            }
        }
    }

    private string Controllers(string path) => CgroupFile.TryRead(_mountpoint + path + "/cgroup.controllers") ?? "";

    private static bool Contains(string list, string controller)
    {
        foreach (var range in list.AsSpan().Split(' '))
        {
            if (list.AsSpan()[range].SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }
}
