using Sampan.Engine.Containers;
using Sampan.Engine.Devices;
using Sampan.Engine.Networks;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Resources;
using Sampan.Runtime.Seccomp;

namespace Sampan.Engine.Monitors;

/// <summary>Turns a container's record into what a start is compiled from. Makes nothing.</summary>
internal sealed class ContainerPlanner : IDisposable
{
    private readonly Container _container;
    private readonly EnginePaths _paths;
    private readonly HostFacts _facts;
    private readonly RootView _root;
    private readonly List<FileDescriptor> _opened = [];
    private Container? _networkDonor;
    private IReadOnlyList<string> _linked = [];

    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="hierarchy">The host's control groups.</param>
    public ContainerPlanner(Container container, EnginePaths paths, CgroupHierarchy hierarchy)
    {
        _container = container;
        _paths = paths;
        _facts = HostFacts.Read(hierarchy);
        _root = new RootView(LayersTopFirst(container));
    }

    /// <summary>The container's first process where it runs already, for a specification that further processes are made by; 0 for a start.</summary>
    public int Pid { get; init; }

    /// <summary>The limits of a specification; who may mount is in every cgroup tree.</summary>
    public static CgroupLimits Limits(RuntimeSpec spec) => ResourceLimits.Of(spec.Linux?.Resources) with
    {
        InEveryTree = spec.Process?.Capabilities?.Bounding?.Contains("CAP_SYS_ADMIN") == true,
    };

    /// <summary>The limits update sets: all there are, devices left as they are.</summary>
    /// <exception cref="SampanException">InvalidArgument: more than the host has, or malformed.</exception>
    public static CgroupLimits Limits(HostConfig host)
    {
        var limits = ResourceLimits.Of(ResourceSpecs.Of(host, HostFacts.Read(CgroupHierarchy.Detect()), []));

        // A limit of tasks that is lifted must be said; one never set is not there to lift.
        return limits with { Devices = null, Pids = host.PidsLimit is { } pids ? (pids > 0 ? pids : -1) : null };
    }

    /// <summary>Path of its group in every cgroup tree.</summary>
    public string CgroupPath => RuntimeSpecBuilder.CgroupPath(_container.HostConfig, _container.Id);

    public RootFilesystem Root => _container.HostConfig.Rootfs is { } directory
        ? new RootFilesystem.Directory(directory) { Owners = _container.IdMap?.Owners }
        : new RootFilesystem.Overlay(
            [_paths.Mountpoints, .. _container.LayerDirectories],
            _container.UpperDirectory,
            _container.WorkDirectory,
            _container.Mountpoint,
            _container.HostConfig.AutoRemove)
        {
            Owners = _container.IdMap?.Owners,
            Limited = _container.HostConfig.StorageOpt is not null,
        };

    /// <exception cref="SampanException">What is asked for makes no sense or cannot be had here; no such user; nothing to join.</exception>
    public RuntimeSpec BuildSpec(ushort rows, ushort columns)
    {
        IReadOnlyList<CdiEdits> edits = _container.HostConfig.DeviceRequests is null ? [] : CdiRegistry.OfHost.Resolve(CdiInjection.NamesOf(_container.HostConfig));
        var (config, host) = edits.Count == 0
            ? (_container.Config, _container.HostConfig)
            : CdiInjection.Apply(_container.Config, _container.HostConfig, edits);
        var joined = FindJoinedNamespaces();
        if (_networkDonor is { HostConfig.NetworkMode: not "host", Config: var shared })
        {
            config = config with { Hostname = shared.Hostname, Domainname = shared.Domainname };
        }

        if (_container.Record.Links is not null)
        {
            _linked = ContainerLinks.Environment(_container, _paths, starts: Pid == 0);
            config = config with { Env = [.. _linked, .. config.Env] };
        }

        var spec = RuntimeSpecBuilder.Build(new RuntimeSpecRequest
        {
            Id = _container.Id,
            Config = config,
            HostConfig = host,
            User = UserDatabase.Read(_root).Resolve(_container.Config.User, _container.HostConfig.GroupAdd),
            Host = _facts,
            RootPath = _container.HostConfig.Rootfs ?? _container.Mountpoint,
            Mounts = _container.Mounts,
            MountDetails = _container.Record.MountDetails,
            OpenedSources = OpenSources(),
            NameFiles = _container.HostConfig.Rootfs is null ? (_networkDonor ?? _container).Directory : null,
            JoinedNamespaces = joined,
        });
        spec = edits.Count == 0 ? spec : CdiInjection.AddMounts(spec, edits);
        return spec with { Process = spec.Process! with { ConsoleSize = Size(rows, columns) } };
    }

    /// <summary>Its mounts, and its devices but for those every container has.</summary>
    /// <exception cref="SampanException">What is asked for makes no sense or cannot be had here.</exception>
    public (IReadOnlyList<RuntimeMount> Mounts, IReadOnlyList<RuntimeDevice> Devices) BuildFiles()
    {
        IReadOnlyList<CdiEdits> edits = _container.HostConfig.DeviceRequests is null ? [] : CdiRegistry.OfHost.Resolve(CdiInjection.NamesOf(_container.HostConfig));
        var (_, host) = CdiInjection.Apply(_container.Config, _container.HostConfig, edits);
        var mounts = MountSpecs.Of(
            new RuntimeSpecRequest
            {
                Id = _container.Id,
                Config = _container.Config,
                HostConfig = host,
                User = new(0, 0, [0], "/"),
                Host = _facts,
                Mounts = _container.Mounts,
                MountDetails = _container.Record.MountDetails,
                OpenedSources = OpenSources(),
            },
            SecurityOptions.Parse(host.SecurityOpt, host.Privileged));
        return (CdiInjection.AddMounts(new RuntimeSpec { Mounts = mounts }, edits).Mounts!, DeviceSpecs.Of(host with { Privileged = false }).Devices);
    }

    public byte[]? BuildSeccompFilter(RuntimeSpec spec) => SeccompFilters.For(
        SecurityOptions.Parse(_container.HostConfig.SecurityOpt, _container.HostConfig.Privileged),
        CapabilitySet.FromNames(spec.Process!.Capabilities!.Bounding),
        new SeccompFilterCache(_paths.Seccomp));

    /// <summary>A further process: the container's own with another command, and what the request says otherwise.</summary>
    /// <exception cref="SampanException">No such user.</exception>
    public RuntimeProcess BuildProcess(RuntimeSpec spec, Containers.ExecRequest request)
    {
        var config = _container.Config;
        var user = UserDatabase.Read(_root).Resolve(
            request.User.Length > 0 ? request.User : config.User, request.User.Length > 0 ? null : _container.HostConfig.GroupAdd);
        _container.IdMap?.Require(user);
        var own = spec.Process!;
        var bounding = request.Privileged ? _facts.Bounding.ToNames() : own.Capabilities!.Bounding;
        IReadOnlyList<string> held = user.Uid == 0 ? bounding ?? [] : [];
        return own with
        {
            Args = request.Cmd,
            Terminal = request.Tty,
            ConsoleSize = Size(request.Rows, request.Columns),
            Cwd = request.WorkingDir.Length > 0 ? request.WorkingDir : own.Cwd,
            Env = EnvironmentSpecs.Of(config with { Env = [.. _linked, .. config.Env, .. request.Env], Tty = request.Tty }, spec.Hostname, user.Home),
            User = new RuntimeUser { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.Groups },
            Capabilities = new RuntimeCapabilities { Bounding = bounding, Effective = held, Permitted = held, Inheritable = [], Ambient = [] },
        };
    }

    private static RuntimeConsoleSize? Size(ushort rows, ushort columns) =>
        rows == 0 || columns == 0 ? null : new RuntimeConsoleSize { Height = rows, Width = columns };

    private static List<string> LayersTopFirst(Container container)
    {
        if (container.HostConfig.Rootfs is { } directory)
        {
            return [directory];
        }

        // Not there yet when a start is only explained.
        List<string> layers = Entries.Exists(container.UpperDirectory) ? [container.UpperDirectory] : [];
        for (var index = container.LayerDirectories.Count - 1; index >= 0; index--)
        {
            layers.Add(container.LayerDirectories[index]);
        }

        return layers;
    }

    private Dictionary<string, string> OpenSources()
    {
        var opened = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in _container.Record.MountDetails is null || Pid != 0 ? [] : _container.Mounts)
        {
            var detail = _container.Record.MountDetails!.GetValueOrDefault(mount.Destination);
            if (detail is { Subpath.Length: > 0 })
            {
                var source = MountSource.OpenSubpath(mount, detail);
                _opened.Add(source);
                opened[mount.Destination] = $"/proc/self/fd/{source.Number}";
            }
            else if (detail is { FileSystem.Length: > 0 } && FindMounted(mount.Name) is { } there)
            {
                opened[mount.Destination] = there;
            }
        }

        return opened;
    }

    // A volume that is a file system of its own is mounted by the first container that runs; the others share its mount.
    private string? FindMounted(string? volume)
    {
        foreach (var other in new ContainerStore(_paths).WholeRecords())
        {
            foreach (var mount in other.Id == _container.Id ? [] : other.Mounts)
            {
                if (mount.Name == volume && new Container(_paths, other).State is { Running: true } state)
                {
                    return $"/proc/{state.Pid}/root{mount.Destination}";
                }
            }
        }

        return null;
    }

    /// <summary>Closes what it opened for a start.</summary>
    public void Dispose() => _opened.ForEach(static source => source.Dispose());

    private Dictionary<string, string> FindJoinedNamespaces()
    {
        var joined = new Dictionary<string, string>(StringComparer.Ordinal);
        Join(joined, "pid", "pid", _container.HostConfig.PidMode);
        Join(joined, "ipc", "ipc", _container.HostConfig.IpcMode);
        Join(joined, "network", "net", _container.HostConfig.NetworkMode);
        if (_container.HostConfig.IDMappings is not null && NamespaceSpecs.JoinedContainer(_container.HostConfig.UsernsMode) is { } owner)
        {
            joined["user"] = UserNamespaceOf(owner);
        }

        return joined;
    }

    private void Join(Dictionary<string, string> joined, string type, string file, string mode)
    {
        if (NamespaceSpecs.JoinedContainer(mode) is not { } name)
        {
            return;
        }

        if (Pid != 0)
        {
            // It is in there, whatever has become of the container it joined.
            joined[type] = $"/proc/{Pid}/ns/{file}";
            return;
        }

        var donor = new ContainerStore(_paths).Find(name);
        if (type == "ipc" && donor.HostConfig.IpcMode != "shareable")
        {
            throw SampanException.Conflict(
                $"cannot join IPC of a container {donor.Id}: non-shareable IPC (hint: use --ipc shareable for the donor container)");
        }

        var sameIds = SharesIds(donor);
        if (!sameIds && type is "pid" or "ipc")
        {
            throw SampanException.Conflict(
                $"cannot join {type.ToUpperInvariant()} of container {donor.Id}: it has another user namespace: give both --userns container:{donor.Name}");
        }

        if (donor.State is not { Running: true } state)
        {
            return;
        }

        joined[type] = $"/proc/{state.Pid}/ns/{file}";
        if (type == "network" && donor.HostConfig.Rootfs is null)
        {
            // Who shares the network shares the names it is known by, as with docker.
            _networkDonor = donor;
        }

        if (sameIds && _container.HostConfig.IDMappings is not null)
        {
            // Who shares a namespace must share the user namespace it belongs to, as with docker.
            joined.TryAdd("user", $"/proc/{state.Pid}/ns/user");
        }
    }

    private string UserNamespaceOf(string name)
    {
        var donor = new ContainerStore(_paths).Find(name);
        if (!SharesIds(donor))
        {
            throw SampanException.Conflict($"cannot join user namespace of container {donor.Name}: its ids are not those this container was made with: make this container anew");
        }

        return donor.State is { Running: true } state
            ? $"/proc/{state.Pid}/ns/user"
            : throw SampanException.Conflict($"cannot join user namespace of a non running container: {name}");
    }

    private bool SharesIds(Container donor)
    {
        var (own, other) = (_container.HostConfig.IDMappings, donor.HostConfig.IDMappings);
        return own is null || (other is not null && own.UidMap.SequenceEqual(other.UidMap) && own.GidMap.SequenceEqual(other.GidMap));
    }
}
