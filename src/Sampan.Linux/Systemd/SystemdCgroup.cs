using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Systemd;

/// <summary>A scope: systemd starts, limits and stops it, everything else is done in its group's directories.</summary>
internal sealed class SystemdCgroup : Cgroup
{
    private readonly Func<SystemdClient> _client;
    private readonly string _unit;
    private readonly Cgroup _group;
    private IScopeSeed? _seed;
    private long? _pids;

    /// <summary>A scope that has been started.</summary>
    /// <param name="client">Yields the connection to systemd, when it is needed.</param>
    /// <param name="unit">The scope's name.</param>
    /// <param name="group">Its group.</param>
    /// <param name="seed">What it was started with; null when that has gone.</param>
    internal SystemdCgroup(Func<SystemdClient> client, string unit, Cgroup group, IScopeSeed? seed)
        : base(group.Path)
    {
        _client = client;
        _unit = unit;
        _group = group;
        _seed = seed;
    }

    /// <inheritdoc/>
    public override string? Unit => _unit;

    /// <inheritdoc/>
    public override IReadOnlyList<string> JoinFiles => _group.JoinFiles;

    /// <inheritdoc/>
    public override string? CloneDirectory => _group.CloneDirectory;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Directories => _group.Directories;

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => _group.Trees;

    /// <inheritdoc/>
    public override long OomKills => _group.OomKills;

    /// <inheritdoc/>
    public override CgroupUsage Usage => _group.Usage;

    /// <inheritdoc/>
    public override bool IsUnified => _group.IsUnified;

    /// <inheritdoc/>
    public override bool IsFrozen => _group.IsFrozen;

    /// <inheritdoc/>
    public override string? Read(string controller, string file) => _group.Read(controller, file);

    /// <inheritdoc/>
    public override string? ReadInherited(string controller, string file) => _group.ReadInherited(controller, file);

    /// <inheritdoc/>
    public override OomWatch WatchOom() => _group.WatchOom();

    /// <inheritdoc/>
    public override void Apply(CgroupLimits limits)
    {
        // On version 1 systemd empties the device list before it fills it: nobody may be looking at it.
        var freeze = limits.Devices is not null && !IsUnified && !IsFrozen;
        if (freeze)
        {
            Freeze();
        }

        try
        {
            _client().SetUnitProperties(_unit, ScopeProperties.Of(limits, IsUnified, _client().Version));
        }
        finally
        {
            if (freeze)
            {
                Thaw();
            }
        }

        _group.Apply(limits);
    }

    /// <inheritdoc/>
    public override void Settle()
    {
        if (_seed is null)
        {
            return;
        }

        _seed.Dispose();
        _seed = null;
        if (_pids is { } most)
        {
            Apply(new() { Pids = most });
        }
    }

    /// <inheritdoc/>
    public override void Kill() => _group.Kill();

    /// <inheritdoc/>
    public override void Freeze() => _group.Freeze();

    /// <inheritdoc/>
    public override void Thaw() => _group.Thaw();

    /// <inheritdoc/>
    public override IReadOnlyList<int> Pids() => _group.Pids();

    /// <inheritdoc/>
    public override void Remove()
    {
        _group.Kill();
        _seed?.Dispose();
        _seed = null;
        _client().StopUnit(_unit);

        // What systemd has not made it does not remove.
        _group.Remove();
    }

    /// <summary>The first limits: one task more than asked for, until the seed has gone.</summary>
    /// <param name="limits">The limits.</param>
    internal void ApplyAtStart(CgroupLimits limits)
    {
        _pids = limits.Pids is > 0 ? limits.Pids : null;
        Apply(_pids is { } most ? limits with { Pids = most + 1 } : limits);
    }
}
