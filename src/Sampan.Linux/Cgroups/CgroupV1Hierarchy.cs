using Sampan.Linux.Files;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// Version 1 trees, and the cgroup2 tree of a hybrid host. A container joins the trees that protect the host or answer questions about the
/// container (devices, memory, pids, cpuacct), those its limits need, and the cgroup2 tree for kill and freeze. It is not moved in the
/// others: each costs about 70 µs of mkdir, join and rmdir, and without a limit there is nothing to see in them.
/// </summary>
internal sealed class CgroupV1Hierarchy : CgroupHierarchy
{
    private static readonly string[] Always = ["devices", "memory", "pids", "cpuacct"];

    private readonly IReadOnlyList<CgroupMount> _trees;
    private readonly CgroupMount? _unified;

    internal CgroupV1Hierarchy(IReadOnlyList<CgroupMount> trees, CgroupMount? unified)
        : base(unified is null ? CgroupVersion.V1 : CgroupVersion.Hybrid)
    {
        _trees = trees;
        _unified = unified;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => _unified is null ? _trees : [.. _trees, _unified];

    /// <inheritdoc/>
    public override bool HasSwapLimit =>
        Find("memory") is { } memory && CgroupFile.TryReadNumber(memory.Mountpoint + "/memory.memsw.limit_in_bytes") is not null;

    /// <inheritdoc/>
    public override bool Has(string controller) => Find(controller == "io" ? "blkio" : controller) is not null;

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupSetting> Explain(CgroupLimits limits) => CgroupV1Settings.Of(limits);

    /// <inheritdoc/>
    public override Cgroup Create(string path, CgroupLimits limits, bool forEngine = false)
    {
        var settings = CgroupV1Settings.Of(limits);
        var group = Plan(path, settings, forEngine || limits.InEveryTree, out var joined);
        try
        {
            Make(group, joined, path, forEngine);
            group.Write(settings);
            return group;
        }
        catch (Exception error) when (error is LinuxException or SampanException { Kind: not ErrorKind.Conflict })
        {
            group.Remove();
            throw;
        }
    }

    /// <inheritdoc/>
    public override FileLock? ProvideRealtime(string path, CgroupLimits limits) =>
        limits.CpuRealtimeRuntime is > 0 and var runtime && Find("cpu") is { } tree
            ? RealtimeBudget.Provide(tree.Mountpoint, path, runtime, limits.CpuRealtimePeriod)
            : null;

    /// <inheritdoc/>
    public override Cgroup Foresee(string path, CgroupLimits limits) => Plan(path, CgroupV1Settings.Of(limits), limits.InEveryTree, out _);

    private CgroupV1 Plan(string path, List<CgroupSetting> settings, bool everyTree, out List<CgroupMount> joined)
    {
        CheckPath(path);
        foreach (var setting in settings)
        {
            if (Find(setting.Controller) is null)
            {
                throw Missing(setting);
            }
        }

        joined = new List<CgroupMount>(_trees.Count);
        foreach (var tree in _trees)
        {
            if (everyTree || IsNeeded(tree, settings))
            {
                joined.Add(tree);
            }
        }

        return new CgroupV1(path, joined, _trees, _unified);
    }

    /// <inheritdoc/>
    public override Cgroup Open(string path) => OpenWith(path, []);

    /// <inheritdoc/>
    internal override Cgroup OpenWith(string path, IReadOnlyList<CgroupMount> named)
    {
        CheckPath(path);
        var joined = new List<CgroupMount>(_trees.Count + named.Count);
        foreach (var tree in (IEnumerable<CgroupMount>)[.. _trees, .. named])
        {
            if (!joined.Contains(tree) && Directory.Exists(tree.Mountpoint + path))
            {
                joined.Add(tree);
            }
        }

        return new CgroupV1(path, joined, _trees, _unified is not null && Directory.Exists(_unified.Mountpoint + path) ? _unified : null);
    }

    /// <inheritdoc/>
    internal override Cgroup Adopt(string path, CgroupLimits limits, IReadOnlyList<CgroupMount> named)
    {
        var settings = CgroupV1Settings.Of(limits);
        _ = Plan(path, settings, true, out var joined);
        foreach (var tree in joined)
        {
            CgroupFile.MakeDirectory(tree.Mountpoint, path);
            if (tree.Has("cpuset"))
            {
                FillCpuset(tree.Mountpoint, path);
            }
        }

        if (_unified is not null)
        {
            CgroupFile.MakeDirectory(_unified.Mountpoint, path);
        }

        var group = OpenWith(path, named);
        group.Apply(limits);
        return group;
    }

    private void Make(CgroupV1 group, List<CgroupMount> joined, string path, bool takeOver)
    {
        foreach (var tree in joined)
        {
            MakeFresh(tree.Mountpoint, path, takeOver);
            if (tree.Has("cpuset"))
            {
                FillCpuset(tree.Mountpoint, path);
            }
        }

        if (group.CloneDirectory is not null)
        {
            MakeFresh(_unified!.Mountpoint, path, takeOver);
        }
    }

    /// <summary>
    /// Gives a group and those above it what their parents have: a new cpuset group has no CPUs and no memory nodes and can hold no process
    /// until it has (cpusets.rst, "1.4").
    /// </summary>
    /// <param name="mountpoint">The tree.</param>
    /// <param name="path">The group.</param>
    internal static void FillCpuset(string mountpoint, string path)
    {
        for (var slash = path.IndexOf('/', 1); ; slash = path.IndexOf('/', slash + 1))
        {
            var parent = mountpoint + path[..(slash < 0 ? path.LastIndexOf('/') : path.LastIndexOf('/', slash - 1))];
            var group = mountpoint + (slash < 0 ? path : path[..slash]);
            foreach (var file in (ReadOnlySpan<string>)["/cpuset.cpus", "/cpuset.mems"])
            {
                if (string.IsNullOrEmpty(CgroupFile.TryRead(group + file)))
                {
                    CgroupFile.Write(group + file, CgroupFile.TryRead(parent + file) ?? "");
                }
            }

            if (slash < 0)
            {
                return;
            }
        }
    }

    private bool IsNeeded(CgroupMount tree, List<CgroupSetting> settings)
    {
        foreach (var controller in Always)
        {
            if (tree.Has(controller))
            {
                return true;
            }
        }

        if (_unified is null && tree.Has("freezer"))
        {
            return true;
        }

        foreach (var setting in settings)
        {
            if (tree.Has(setting.Controller))
            {
                return true;
            }
        }

        return false;
    }

    private CgroupMount? Find(string controller) => Find(_trees, controller);

    /// <summary>The tree of a controller.</summary>
    /// <param name="trees">Trees.</param>
    /// <param name="controller">Such as "memory".</param>
    /// <returns>The tree; null when none has it.</returns>
    internal static CgroupMount? Find(IReadOnlyList<CgroupMount> trees, string controller)
    {
        foreach (var tree in trees)
        {
            if (tree.Has(controller))
            {
                return tree;
            }
        }

        return null;
    }
}
