namespace Sampan.Linux.Cgroups;

/// <summary>A container's group on version 1 trees, with a cgroup2 group beside them on hybrid hosts.</summary>
internal sealed partial class CgroupV1 : Cgroup
{
    private readonly IReadOnlyList<CgroupMount> _host;
    private readonly List<CgroupMount> _trees;
    private readonly List<CgroupDirectory> _directories;
    private readonly UnifiedGroup? _unified;
    private readonly CgroupMount? _unifiedTree;

    /// <summary>A group, made or not.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="trees">Version 1 trees it is in.</param>
    /// <param name="host">All of the host's.</param>
    /// <param name="unified">The cgroup2 tree; null when it is not in that.</param>
    internal CgroupV1(string path, IReadOnlyList<CgroupMount> trees, IReadOnlyList<CgroupMount> host, CgroupMount? unified)
        : base(path)
    {
        _host = host;
        _trees = [.. trees];
        _unifiedTree = unified;
        _unified = unified is null ? null : new(unified.Mountpoint + path);
        _directories = new(trees.Count);
        foreach (var tree in _trees)
        {
            _directories.Add(new(tree.Mountpoint + path));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> JoinFiles
    {
        get
        {
            var joins = new string[_directories.Count];
            for (var index = 0; index < joins.Length; index++)
            {
                joins[index] = _directories[index].File("tasks");
            }

            return joins;
        }
    }

    /// <inheritdoc/>
    public override string? CloneDirectory => _unified?.Directory.Path;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Directories
    {
        get
        {
            var paths = new List<string>(_directories.Count + 1);
            foreach (var directory in _directories)
            {
                paths.Add(directory.Path);
            }

            if (_unified is not null)
            {
                paths.Add(_unified.Directory.Path);
            }

            return paths;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => _unifiedTree is null ? _trees : [.. _trees, _unifiedTree];

    /// <inheritdoc/>
    public override long OomKills =>
        Find("memory") is { } memory ? CgroupFile.TryReadNumber(memory.File("memory.oom_control"), "oom_kill") ?? 0 : 0;

    /// <inheritdoc/>
    public override CgroupUsage Usage
    {
        get
        {
            var memory = Find("memory");
            var used = memory is null ? null : CgroupFile.TryReadNumber(memory.File("memory.usage_in_bytes"));
            var inactive = memory is null ? null : CgroupFile.TryReadNumber(memory.File("memory.stat"), "total_inactive_file");
            var cpu = Find("cpuacct") is { } cpuacct ? CgroupFile.TryReadNumber(cpuacct.File("cpuacct.usage")) : null;
            var tasks = Find("pids") is { } pids ? CgroupFile.TryReadNumber(pids.File("pids.current")) : null;
            return new(Math.Max(0, (used ?? 0) - (inactive ?? 0)), cpu ?? 0, tasks ?? 0);
        }
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        var deadline = CgroupDirectory.Now() + Patience;
        if (_unified is not null && !_unified.Kill(deadline))
        {
            throw StillBusy(_unified.Directory.Path);
        }

        // SIGKILL does not reach a process in a frozen version 1 group until it is thawed (freezer-subsystem.rst).
        if (Find("freezer") is { } freezer)
        {
            _ = CgroupFile.TryWrite(freezer.File("freezer.state"), "THAWED");
        }

        foreach (var directory in _directories)
        {
            if (!directory.KillEach(deadline))
            {
                throw StillBusy(directory.Path);
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Pids()
    {
        if (_unified is not null)
        {
            var pids = _unified.Directory.Pids();
            if (pids.Count > 0)
            {
                return pids;
            }
        }

        return _directories.Count > 0 ? _directories[0].Pids() : [];
    }

    /// <inheritdoc/>
    public override void Remove()
    {
        foreach (var directory in _directories)
        {
            Remove(directory);
        }

        if (_unified is not null)
        {
            Remove(_unified.Directory);
        }
    }

    private void Remove(CgroupDirectory directory)
    {
        ReturnRealtime(directory);
        var errno = directory.Remove();
        if (errno == Errno.EBUSY)
        {
            Kill();
            ReturnRealtime(directory);

            // Version 1 has no event for "the last task has left": the tail of an exit may still be on its way out of the group.
            var deadline = CgroupDirectory.Now() + Patience;
            for (errno = directory.Remove(); errno == Errno.EBUSY && CgroupDirectory.Now() < deadline; errno = directory.Remove())
            {
                CgroupDirectory.Pause();
            }
        }

        if (errno != Errno.None)
        {
            throw errno == Errno.EBUSY ? StillBusy(directory.Path) : new LinuxException(errno, "remove cgroup", directory.Path);
        }
    }

    /// <summary>The kernel counts a removed group's real-time for some time yet (RCU), and has none for the next one meanwhile. It takes none from processes.</summary>
    private void ReturnRealtime(CgroupDirectory directory)
    {
        if (directory == Find("cpu"))
        {
            _ = CgroupFile.TryWrite(directory.File("cpu.rt_runtime_us"), "0");
        }
    }

    private CgroupDirectory? Find(string controller)
    {
        for (var index = 0; index < _trees.Count; index++)
        {
            if (_trees[index].Has(controller))
            {
                return _directories[index];
            }
        }

        return null;
    }
}
