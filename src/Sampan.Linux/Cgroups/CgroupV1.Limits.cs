using System.Runtime.InteropServices;

namespace Sampan.Linux.Cgroups;

/// <summary>Limits, and the trees they need.</summary>
internal sealed partial class CgroupV1
{
    /// <inheritdoc/>
    public override bool IsUnified => false;

    /// <inheritdoc/>
    public override string? Read(string controller, string file) => Find(controller) is { } directory ? CgroupFile.TryRead(directory.File(file)) : null;

    /// <inheritdoc/>
    public override string? ReadInherited(string controller, string file) =>
        CgroupV1Hierarchy.Find(_host, controller) is { } tree ? CgroupFile.TryReadInherited(tree.Mountpoint, Path, file) : null;

    /// <inheritdoc/>
    public override OomWatch WatchOom() => OomWatch.OfTree(Find("memory") ?? throw NoMemoryController(Path));

    /// <inheritdoc/>
    public override void Apply(CgroupLimits limits)
    {
        var settings = CgroupV1Settings.Of(limits with { Devices = null });
        foreach (var setting in settings)
        {
            Enter(setting);
        }

        if (limits.Devices is { } devices)
        {
            var directory = Find("devices") ?? throw Absent(new("devices", "devices.allow", "a"));
            settings.AddRange(DeviceTransition.Between(CgroupFile.TryRead(directory.File("devices.list")) ?? "", DeviceRuleSet.Of(devices)));
        }

        var former = new FormerValues();
        foreach (ref var setting in CollectionsMarshal.AsSpan(settings))
        {
            former.Note(Find(setting.Controller)!.Path, new(ref setting));
        }

        try
        {
            Write(settings);
        }
        catch (Exception error) when (error is SampanException or LinuxException)
        {
            former.Restore();
            throw;
        }
    }

    /// <summary>Writes settings into the trees that have their controllers.</summary>
    /// <param name="settings">Settings in order.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: a controller or file is missing.</exception>
    internal void Write(List<CgroupSetting> settings)
    {
        var all = CollectionsMarshal.AsSpan(settings);
        for (var start = 0; start < all.Length;)
        {
            var end = start + 1;
            while (end < all.Length && all[end].Controller == all[start].Controller)
            {
                end++;
            }

            var directory = Find(all[start].Controller) ?? throw Absent(all[start]);
            Write(directory.Path, all[start..end]);
            start = end;
        }
    }

    private SampanException Absent(CgroupSetting setting) => SampanException.Unavailable(
        $"cannot set {setting.File} to {setting.Value}: cgroup {Path} is not in the tree of the {setting.Controller} controller");

    /// <summary>
    /// Takes the group into the tree of a setting's controller: a container is only in those its first limits needed. Processes are moved
    /// until none is found outside, for they may fork meanwhile; a child of one that has been moved is born inside.
    /// </summary>
    private void Enter(CgroupSetting setting)
    {
        if (Find(setting.Controller) is not null)
        {
            return;
        }

        var tree = CgroupV1Hierarchy.Find(_host, setting.Controller) ?? throw CgroupHierarchy.Missing(setting);
        _ = CgroupFile.MakeDirectory(tree.Mountpoint, Path);
        if (tree.Has("cpuset"))
        {
            CgroupV1Hierarchy.FillCpuset(tree.Mountpoint, Path);
        }

        var directory = new CgroupDirectory(tree.Mountpoint + Path);
        var moved = new HashSet<int>();
        bool found;
        do
        {
            found = false;
            foreach (var pid in Pids())
            {
                if (!moved.Add(pid))
                {
                    continue;
                }

                found = true;
                var errno = CgroupFile.TryWrite(directory.File("cgroup.procs"), pid.ToString());
                if (errno is not Errno.None and not Errno.ESRCH)
                {
                    throw new LinuxException(errno, $"move process {pid} to", directory.Path);
                }
            }
        }
        while (found);

        _trees.Add(tree);
        _directories.Add(directory);
    }
}
