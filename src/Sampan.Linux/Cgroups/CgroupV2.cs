using System.Runtime.InteropServices;

namespace Sampan.Linux.Cgroups;

/// <summary>A container's group on the unified tree.</summary>
internal sealed class CgroupV2 : Cgroup
{
    private readonly UnifiedGroup _group;
    private readonly string _mountpoint;

    internal CgroupV2(string path, string mountpoint)
        : base(path)
    {
        _mountpoint = mountpoint;
        _group = new(mountpoint + path);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> JoinFiles => [];

    /// <inheritdoc/>
    public override string? CloneDirectory => _group.Directory.Path;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Directories => [_group.Directory.Path];

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => [new(_mountpoint, [], true)];

    /// <inheritdoc/>
    public override long OomKills => CgroupFile.TryReadNumber(_group.Directory.File("memory.events"), "oom_kill") ?? 0;

    /// <inheritdoc/>
    public override CgroupUsage Usage
    {
        get
        {
            var used = CgroupFile.TryReadNumber(_group.Directory.File("memory.current")) ?? 0;
            var inactive = CgroupFile.TryReadNumber(_group.Directory.File("memory.stat"), "inactive_file") ?? 0;
            var cpu = CgroupFile.TryReadNumber(_group.Directory.File("cpu.stat"), "usage_usec") ?? 0;
            return new(Math.Max(0, used - inactive), cpu * 1000, CgroupFile.TryReadNumber(_group.Directory.File("pids.current")) ?? 0);
        }
    }

    /// <inheritdoc/>
    public override bool IsUnified => true;

    /// <inheritdoc/>
    public override string? Read(string controller, string file) => CgroupFile.TryRead(_group.Directory.File(file));

    /// <inheritdoc/>
    public override string? ReadInherited(string controller, string file) => CgroupFile.TryReadInherited(_mountpoint, Path, file);

    /// <inheritdoc/>
    public override OomWatch WatchOom() =>
        Read("memory", "memory.events") is null ? throw NoMemoryController(Path) : OomWatch.OfUnified(_group.Directory);

    /// <inheritdoc/>
    public override void Apply(CgroupLimits limits)
    {
        var settings = CgroupV2Settings.Of(limits);
        if (limits.CheckMemoryFirst)
        {
            CheckMemory(limits);
        }

        var former = new FormerValues();
        former.Note(_group.Directory.Path, CollectionsMarshal.AsSpan(settings));
        try
        {
            Write(_group.Directory.Path, CollectionsMarshal.AsSpan(settings));
            if (limits.Devices is { } devices)
            {
                DeviceProgram.Replace(DeviceRuleSet.Of(devices), _group.Directory.Path);
            }
        }
        catch (Exception error) when (error is SampanException or LinuxException)
        {
            former.Restore();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Kill()
    {
        if (!_group.Kill(CgroupDirectory.Now() + Patience))
        {
            throw StillBusy(_group.Directory.Path);
        }
    }

    /// <inheritdoc/>
    public override bool IsFrozen => _group.IsFrozen;

    /// <inheritdoc/>
    public override void Freeze()
    {
        if (!_group.Freeze(CgroupDirectory.Now() + Patience))
        {
            throw DidNotFreeze(_group.Directory.Path);
        }
    }

    /// <inheritdoc/>
    public override void Thaw()
    {
        if (!_group.Thaw(CgroupDirectory.Now() + Patience))
        {
            throw DidNotThaw(_group.Directory.Path);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Pids() => _group.Directory.Pids();

    /// <inheritdoc/>
    public override void Remove()
    {
        var errno = _group.Directory.Remove();
        if (errno == Errno.EBUSY)
        {
            Kill();
            errno = _group.Directory.Remove();
        }

        if (errno != Errno.None)
        {
            throw errno == Errno.EBUSY ? StillBusy(_group.Directory.Path) : new LinuxException(errno, "remove cgroup", _group.Directory.Path);
        }
    }

    /// <summary>Writes settings and attaches the device program.</summary>
    /// <param name="settings">Settings in order.</param>
    /// <param name="devices">Device rules; null leaves devices alone.</param>
    internal void Write(List<CgroupSetting> settings, IReadOnlyList<DeviceRule>? devices)
    {
        Write(_group.Directory.Path, CollectionsMarshal.AsSpan(settings));
        if (devices is not null && DeviceRuleSet.Of(devices) is { AllowsAll: false } rules)
        {
            DeviceProgram.Attach(rules, _group.Directory.Path);
        }
    }

    // A write below what is used makes the kernel reclaim and then kill (cgroup-v2.rst, "memory.max"); some callers want a refusal.
    private void CheckMemory(CgroupLimits limits)
    {
        var usage = CgroupFile.TryReadNumber(_group.Directory.File("memory.current")) ?? 0;
        if (limits.Memory is > 0 and var memory && memory < usage)
        {
            throw SampanException.InvalidArgument($"rejecting memory limit {memory} < usage {usage}");
        }

        if (limits.MemorySwap is > 0 and var total && total < usage)
        {
            throw SampanException.InvalidArgument($"rejecting memory+swap limit {total} < usage {usage}");
        }
    }
}
