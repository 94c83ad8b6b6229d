using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Systemd;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Containers;

/// <summary>
/// Where a container's control group is to be (config-linux.md, "Cgroups Path"). Made by path: an absolute one is below the trees' roots; a
/// relative one, or the id where there is none, is below the caller's own group of each version 1 tree and beside it on version 2, where a
/// group that has processes cannot hold limited ones. Made by systemd: "slice:prefix:name". All of it as runc has it.
/// </summary>
internal sealed class ContainerGroup
{
    private const string PropertyPrefix = "org.systemd.property.";

    private readonly RuntimeSpec _spec;
    private readonly CgroupHierarchy _hierarchy;
    private readonly string _path;
    private readonly bool _rootless;
    private readonly IReadOnlyDictionary<string, string>? _bases;

    /// <summary>Looks at the trees; nothing is made yet.</summary>
    /// <param name="options">What the caller says.</param>
    /// <param name="spec">The specification.</param>
    /// <exception cref="SampanException">An annotation is no property of a unit, or no tree is mounted.</exception>
    public ContainerGroup(CreateOptions options, RuntimeSpec spec)
    {
        _spec = spec;
        _rootless = options.Rootless ?? CallerPrivileges.IsRootless;
        var given = spec.Linux?.CgroupsPath ?? "";
        if (options.Systemd)
        {
            _path = given.Length > 0 ? given : $"{(_rootless ? "user.slice" : "")}:sampan:{options.Id}";
            _hierarchy = SystemdHierarchy.Detect(ScopeSeed.Plant, Properties(spec), _rootless);
        }
        else if (given.StartsWith('/'))
        {
            _path = given;
            _hierarchy = CgroupHierarchy.Detect();
        }
        else
        {
            (_path, _hierarchy, _bases) = Relative(given.Length > 0 ? given : options.Id);
        }
    }

    private CgroupLimits Limits
    {
        get
        {
            var limits = ResourceLimits.ForContainer(_spec.Linux);

            // Only who administers the host itself may restrict devices, and who does not could not open them anyway.
            return _rootless && !CallerPrivileges.AdministersHost ? limits with { Devices = null } : limits;
        }
    }

    /// <summary>Makes it.</summary>
    /// <returns>The group; null where a caller without the right to make one has not asked for a certain one, nor for limits.</returns>
    /// <exception cref="SampanException">As <see cref="CgroupHierarchy.Create"/>.</exception>
    /// <exception cref="LinuxException">A tree refuses.</exception>
    public Cgroup? Make()
    {
        var limits = Limits;
        try
        {
            return _hierarchy.Create(_path, limits, forEngine: true);
        }
        catch (LinuxException error) when (MayDoWithout(error))
        {
            return _hierarchy.Explain(limits with { Devices = null }) is [var setting, ..]
                ? throw new SampanException(
                    ErrorKind.Unavailable,
                    $"cannot set {setting.Controller} limit: container could not join or create cgroup: {error.Message}: leave the limit out, or let systemd delegate a group to this user",
                    error)
                : null;
        }
    }

    /// <summary>Where the first process goes.</summary>
    /// <param name="group">The group that was made, if any.</param>
    /// <returns>The placement.</returns>
    public CgroupPlacement Placement(Cgroup? group) => group is null ? CgroupPlacement.Nowhere(_hierarchy) : CgroupPlacement.In(group);

    /// <summary>Writes down which group is about to be made. A scope needs no such note: without processes it goes by itself.</summary>
    /// <param name="record">The container.</param>
    /// <returns>The record.</returns>
    public ContainerRecord Intend(ContainerRecord record) => _hierarchy is SystemdHierarchy ? record : record with { CgroupIntent = _path, CgroupBases = _bases };

    /// <summary>Writes down what it takes to find the group again.</summary>
    /// <param name="record">The container.</param>
    /// <param name="group">Its group.</param>
    /// <returns>The record.</returns>
    public ContainerRecord Note(ContainerRecord record, Cgroup group) => record with
    {
        CgroupPath = group.Path,
        CgroupBases = _bases,
        SystemdUnit = group.Unit,
        SystemdOfUser = group.Unit is not null && _rootless ? true : null,
    };

    /// <summary>Removes what was made of a group whose making was cut short; nothing in it is killed: it may be somebody else's.</summary>
    /// <param name="record">The container, which has no group.</param>
    /// <exception cref="LinuxException">rmdir(2) failed, other than by EBUSY.</exception>
    public static void Abandon(ContainerRecord record)
    {
        if (record.CgroupIntent is { Length: > 0 } intent)
        {
            Open(record with { CgroupPath = intent }).RemoveUnlessUsed();
        }
    }

    /// <summary>What can be told of a container whose record is damaged: nothing but its name, and the group its configuration asks for.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="spec">Its configuration; null when that cannot be read either.</param>
    /// <returns>A record.</returns>
    public static ContainerRecord Salvage(string id, RuntimeSpec? spec)
    {
        var given = spec?.Linux?.CgroupsPath ?? "";
        if (spec is null || given.Contains(':', StringComparison.Ordinal))
        {
            return new() { Id = id };
        }

        var (path, _, bases) = given.StartsWith('/') ? (given, null!, null) : Relative(given.Length > 0 ? given : id);
        return new() { Id = id, CgroupPath = path, CgroupBases = bases };
    }

    /// <summary>Finds the group of a container again.</summary>
    /// <param name="record">The container, which has one.</param>
    /// <returns>The group.</returns>
    public static Cgroup Open(ContainerRecord record) => record.SystemdUnit is { } unit
        ? SystemdHierarchy.Detect(ScopeSeed.Plant, [], record.SystemdOfUser is true).OpenScope(unit, record.CgroupPath)
        : (record.CgroupBases is { } bases ? CgroupHierarchy.DetectBelow(bases) : CgroupHierarchy.Detect()).Open(record.CgroupPath);

    /// <summary>What would be written, and the group as it would be.</summary>
    /// <returns>Settings in order, and the placement.</returns>
    public (IReadOnlyList<CgroupSetting> Settings, CgroupPlacement Placement) Explain()
    {
        var limits = Limits;
        return (_hierarchy.Explain(limits), CgroupPlacement.In(_hierarchy.Foresee(_path, limits)));
    }

    private static (string Path, CgroupHierarchy Hierarchy, IReadOnlyDictionary<string, string>? Bases) Relative(string path)
    {
        var hierarchy = CgroupHierarchy.Detect();
        var own = CgroupMembership.Of();
        if (hierarchy.Version == CgroupVersion.V2)
        {
            var group = own.In(hierarchy.Trees[0]);
            return ($"{group[..Math.Max(0, group.LastIndexOf('/'))]}/{path}", hierarchy, null);
        }

        Dictionary<string, string>? bases = null;
        foreach (var tree in hierarchy.Trees)
        {
            if (own.In(tree) is { Length: > 0 } group)
            {
                (bases ??= new(StringComparer.Ordinal)).Add(tree.Name, group);
            }
        }

        return ("/" + path, bases is null ? hierarchy : CgroupHierarchy.DetectBelow(bases), bases);
    }

    private static List<UnitProperty> Properties(RuntimeSpec spec)
    {
        var properties = new List<UnitProperty>();
        if (spec.Annotations is { } annotations)
        {
            foreach (var (name, value) in annotations)
            {
                if (name.StartsWith(PropertyPrefix, StringComparison.Ordinal))
                {
                    properties.Add(PropertyText.Read(name[PropertyPrefix.Length..], value));
                }
            }
        }

        return properties;
    }

    private bool MayDoWithout(LinuxException error) =>
        _rootless && string.IsNullOrEmpty(_spec.Linux?.CgroupsPath) && (error.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS);
}
