using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Systemd;

/// <summary>
/// The trees under systemd's rule: a container's group is a transient scope that systemd makes and delegates (systemd.io/CGROUP_DELEGATION).
/// Paths are cgroupsPaths of the form "slice:prefix:name".
/// </summary>
public sealed class SystemdHierarchy : CgroupHierarchy, IDisposable
{
    private readonly CgroupHierarchy _trees;
    private readonly IReadOnlyList<CgroupMount> _named;
    private readonly Func<SystemdClient> _connect;
    private readonly Func<IScopeSeed> _plant;
    private readonly IReadOnlyList<UnitProperty> _more;
    private readonly string? _root;
    private SystemdClient? _client;

    internal SystemdHierarchy(
        CgroupHierarchy trees,
        IReadOnlyList<CgroupMount> named,
        string? root,
        Func<SystemdClient> connect,
        Func<IScopeSeed> plant,
        IReadOnlyList<UnitProperty> more)
        : base(trees.Version)
    {
        _trees = trees;
        _named = named;
        _root = root;
        _connect = connect;
        _plant = plant;
        _more = more;
    }

    /// <inheritdoc/>
    public override bool HasSwapLimit => _trees.HasSwapLimit;

    private bool Unified => Version == CgroupVersion.V2;

    // systemd's own root: mostly empty, and in a container or for a user's manager the group that was delegated to it.
    private string Root => _root ?? Client.ControlGroup;

    private SystemdClient Client => _client ??= _connect();

    /// <summary>Looks at what is mounted. systemd is not asked before it is needed.</summary>
    /// <param name="plant">Makes a process for a new scope.</param>
    /// <param name="more">Properties a scope gets besides, from annotations "org.systemd.property.NAME".</param>
    /// <param name="ofUser">It is the caller's own service manager that is asked, not the system's.</param>
    /// <param name="mountRoot">Where cgroup trees are mounted.</param>
    /// <returns>The hierarchy.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: nothing is mounted there.</exception>
    public static SystemdHierarchy Detect(Func<IScopeSeed> plant, IReadOnlyList<UnitProperty> more, bool ofUser = false, string mountRoot = "/sys/fs/cgroup")
    {
        var mounts = CgroupMounts.Read(mountRoot);
        var named = mounts.FindAll(mount => mount.Has("name=systemd"));
        return new(Of(mounts, mountRoot), named, null, ofUser ? SystemdClient.ConnectUser : SystemdClient.Connect, plant, more);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CgroupMount> Trees => _trees.Trees;

    /// <inheritdoc/>
    public override bool Has(string controller) => _trees.Has(controller);

    /// <summary>Starts the scope with its limits. Nothing is left behind when it fails. <see cref="Cgroup.Settle"/> must follow.</summary>
    /// <inheritdoc/>
    public override Cgroup Create(string path, CgroupLimits limits, bool forEngine = false)
    {
        var unit = SystemdUnit.Parse(path);

        // Finds limits this host cannot give before there is a scope.
        _ = _trees.Foresee(Root + unit.ControlGroup, limits);
        var seed = _plant();
        SystemdCgroup? group = null;
        try
        {
            Client.StartTransientUnit(unit.Name, [.. ScopeProperties.Start(unit, seed.Pid, Unified), .. _more]);
            group = new(() => Client, unit.Name, _trees.Adopt(Root + unit.ControlGroup, CgroupLimits.None, _named), seed);
            group.ApplyAtStart(limits);
            return group;
        }
        catch (Exception error) when (error is LinuxException or SampanException)
        {
            if (group is null)
            {
                seed.Dispose();
            }
            else
            {
                group.Remove();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override Cgroup Open(string path)
    {
        var unit = SystemdUnit.Parse(path);
        return OpenScope(unit.Name, Root + unit.ControlGroup);
    }

    /// <summary>The group of a scope that was started before; systemd is not asked for that.</summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="path">Its group's path in the trees.</param>
    /// <returns>The group.</returns>
    public Cgroup OpenScope(string unit, string path) => new SystemdCgroup(() => Client, unit, _trees.OpenWith(path, _named), null);

    /// <inheritdoc/>
    public override Cgroup Foresee(string path, CgroupLimits limits) => _trees.Foresee(Root + SystemdUnit.Parse(path).ControlGroup, limits);

    /// <summary>What <see cref="Create"/> would write, and before it the properties it would give systemd (of the newest version).</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<CgroupSetting> Explain(CgroupLimits limits)
    {
        var settings = new List<CgroupSetting>();
        foreach (var property in ScopeProperties.Of(limits, Unified, int.MaxValue))
        {
            settings.Add(new("systemd", property.Name, property.Text));
        }

        settings.AddRange(_trees.Explain(limits));
        return settings;
    }

    /// <summary>Closes the connection to systemd.</summary>
    public void Dispose() => _client?.Dispose();

    /// <inheritdoc/>
    internal override Cgroup Adopt(string path, CgroupLimits limits, IReadOnlyList<CgroupMount> named) => _trees.Adopt(path, limits, named);

    /// <inheritdoc/>
    internal override Cgroup OpenWith(string path, IReadOnlyList<CgroupMount> named) => _trees.OpenWith(path, named);
}
