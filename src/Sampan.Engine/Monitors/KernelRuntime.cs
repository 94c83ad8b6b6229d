using System.Diagnostics;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Engine.Monitors;

/// <summary>The real thing: control groups and launch plans.</summary>
internal sealed class KernelRuntime(Container container, EnginePaths paths) : IContainerRuntime, IDisposable
{
    private readonly OomProtection _protection = new();
    private ContainerPlanner? _planner;
    private RuntimeSpec? _spec;
    private byte[]? _seccompFilter;
    private Cgroup? _cgroup;
    private FileDescriptor? _init;
    private ContainerNetwork? _network;
    private NetworkState? _networkBefore;

    // Not closed: the monitor's end does that, when nobody waits for it any more.
    private readonly NetworkFirewall _firewall = new(paths);
    private EventLoop? _loop;
    private bool _wasMounted;

    public string? Trace { get; private set; }

    /// <summary>Kills what is left of a container whose monitor died, removes its cgroup and gives its addresses back.</summary>
    public static void Clean(EnginePaths paths, ContainerRecord record)
    {
        CgroupHierarchy.Detect().Open(RuntimeSpecBuilder.CgroupPath(record.HostConfig, record.Id)).Remove();
        if (NetworkState.TryRead(paths.Run(record.Id)) is { } state)
        {
            SharedNetwork.RemoveDevices(paths, record, state.Endpoints);
        }

        if (record.Endpoints is not null)
        {
            AddressLeases.ReleaseAll(paths, record.Id);
            if (record.HostConfig.PortBindings is not null || record.HostConfig.PublishAllPorts || NetworkState.TryRead(paths.Run(record.Id))?.Ports is not null)
            {
                using var firewall = new NetworkFirewall(paths);
                firewall.WithdrawAll(record.Id);
            }
        }
    }

    public StartedProcess Start(StartRequest request)
    {
        // A container that is started again must not inherit that its monitor is spared when memory runs out.
        _protection.Release();
        _init?.Dispose();
        _init = null;
        if (_wasMounted)
        {
            AllowNextMount();
        }

        var table = request.Trace ? new PlanTable() : null;
        void Connect(int pid, FileDescriptor child)
        {
            var since = Stopwatch.GetTimestamp();
            _network!.Connect(pid, child);
            Note(table, "rtnetlink", string.Join(", ", container.Networks), "devices, addresses and routes, while the child makes its mounts", ref since);
        }

        var started = Stopwatch.GetTimestamp();
        if (NamespaceSpecs.JoinedContainer(container.HostConfig.NetworkMode) is { } donor)
        {
            SharedNetwork.Announce(new ContainerStore(paths).Find(donor));
        }

        var hierarchy = CgroupHierarchy.Detect();
        _planner = new ContainerPlanner(container, paths, hierarchy);
        _network = ContainerNetwork.Prepare(container, paths, _firewall, _networkBefore);
        if (_network is not null)
        {
            Note(table, "symlinkat", paths.NetworkStates, "addresses of the container's networks are taken", ref started);
        }

        if (container.HostConfig.Rootfs is null)
        {
            NameFiles.Write(
                container.Directory, container.Config, container.HostConfig, _network?.State, ContainerLinks.Hosts(container, paths), container.IdMap);
        }

        _spec = _planner.BuildSpec(request.Rows, request.Columns);
        _seccompFilter = _planner.BuildSeccompFilter(_spec);
        Note(table, "compile", "specification", "docker's words, the user database and the seccomp filter become what the kernel is told", ref started);
        var limits = ContainerPlanner.Limits(_spec);
        using (hierarchy.ProvideRealtime(_planner.CgroupPath, limits))
        {
            _cgroup = hierarchy.Create(_planner.CgroupPath, limits);
        }

        Note(table, "cgroup", _planner.CgroupPath, "a control group with the container's limits, in every tree", ref started);
        using var pipes = StandardPipes.Make(_spec.Process!.Terminal, container.Config.OpenStdin, lasting: true);
        pipes.Give(container.IdMap, _spec.Process.User.Uid);
        _wasMounted = true;
        var launch = new LaunchRequest
        {
            Id = container.Id,
            Spec = _spec,
            Root = _planner.Root,
            Cgroup = CgroupPlacement.In(_cgroup),
            SeccompFilter = _seccompFilter,
            Init = container.HostConfig.Init == true,
            DiesWithParent = false,
            Connect = _network is null ? null : Connect,
            Stdin = pipes.ChildStdin,
            Stdout = pipes.ChildStdout,
            Stderr = pipes.ChildStderr,
        };
        var process = ContainerLauncher.Launch(launch, table is null ? null : table.Add);
        _planner.Dispose();
        Trace = table?.Format(withTimes: true);
        _init = process.PidFd.Duplicate();
        _protection.Engage();
        return pipes.Hand(process);
    }

    public StartedProcess? Adopt(ContainerState state)
    {
        // This boot's, as the caller knows: the host has not gone down since the last mount.
        _wasMounted = true;
        var hierarchy = CgroupHierarchy.Detect();
        _planner = new ContainerPlanner(container, paths, hierarchy) { Pid = state.Pid };
        _cgroup = hierarchy.Open(_planner.CgroupPath);
        if (state.Restarting || ForeignProcess.TryOpen(state.Pid, state.PidStartTime) is not { } process)
        {
            _network = ContainerNetwork.Resume(container, paths, _firewall, null);
            return null;
        }

        if (!state.Paused && _cgroup.IsFrozen)
        {
            // Who held it still (commit, cp) has lost it with the monitor; or the pause was not recorded yet, and its command has failed.
            _cgroup.Thaw();
        }

        _network = ContainerNetwork.Resume(container, paths, _firewall, process);
        var streams = new LastingStreams(state, _cgroup);
        var started = streams.Find(new StartedProcess(state.Pid, process) { AdoptedStartTime = state.PidStartTime }, container.Config);
        _init = process.Duplicate();
        _protection.Engage();
        return started;
    }

    public StartedProcess Execute(Containers.ExecRequest request)
    {
        var spec = RequireSpec();
        using var pipes = StandardPipes.Make(request.Tty, request.Stdin);

        // What it runs must not inherit that the monitor is spared when memory runs out.
        _protection.Release();
        try
        {
            var process = _planner!.BuildProcess(spec, request);
            pipes.Give(container.IdMap, process.User.Uid);

            // Saying what is to run and running it are different halves of the program: there is no need for both in memory at once.
            ResidentMemory.Trim();
            return pipes.Hand(ExecLauncher.Launch(new Runtime.Launching.ExecRequest
            {
                Id = container.Id,
                Process = process,
                InitPidFd = _init!,
                Namespaces = spec.Linux!.Namespaces!,
                Cgroup = CgroupPlacement.In(_cgroup!),
                SeccompFilter = _seccompFilter,
                Stdin = pipes.ChildStdin,
                Stdout = pipes.ChildStdout,
                Stderr = pipes.ChildStderr,
            }));
        }
        finally
        {
            _protection.Engage();
        }
    }

    public bool OutOfMemory { get; private set; }

    public void Limit(HostConfig host)
    {
        if (_cgroup is { } cgroup)
        {
            var limits = ContainerPlanner.Limits(host);
            using (CgroupHierarchy.Detect().ProvideRealtime(_planner!.CgroupPath, limits))
            {
                cgroup.Apply(limits);
            }
        }
    }

    public void Change(ContainerRecord after, UpdateRequest change, Action record, FileDescriptor mark)
    {
        // What it starts for that must not inherit that the monitor is spared when memory runs out.
        _protection.Release();
        try
        {
            new ContainerChange(container, paths, _cgroup!, RequireSpec(), _init!).Make(after, change, record, mark);
        }
        finally
        {
            _protection.Engage();
        }
    }

    public void AllowDevices(HostConfig host)
    {
        if (!host.Privileged)
        {
            _cgroup?.Apply(ContainerChange.Rules(host));
        }
    }

    public void Publish(HostConfig host, Predicate<OpenPort> isRemoved, Action record)
    {
        if (_network is { } network)
        {
            network.ChangePorts(host, isRemoved, record);
        }
        else
        {
            record();
        }
    }

    public OomWatch? WatchOom()
    {
        try
        {
            return _cgroup?.WatchOom();
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            // It is gone already, or the user has no watch left: what happened is read at its end.
            return null;
        }
    }

    public void Freeze() => _cgroup?.Freeze();

    public void Thaw() => _cgroup?.Thaw();

    public IReadOnlyList<NetworkRecord> Networks => _network?.Networks ?? new NetworkStore(paths).Of(container);

    public NetworkRecord ConnectNetwork(EndpointSettings settings, Action record)
    {
        _network ??= ContainerNetwork.Unconnected(container, paths, _firewall);
        if (_loop is { } loop)
        {
            _network.Serve(loop);
        }

        return _network.Attach(settings, _init!, record);
    }

    public NetworkRecord? DisconnectNetwork(string network, Action record, Action restore)
    {
        if (_network is not null)
        {
            return _network.Detach(network, _init!, record, restore);
        }

        record();
        return null;
    }

    public void Rename() => _network?.Rename();

    public void Serve(EventLoop loop)
    {
        _loop = loop;
        _network?.Serve(loop);
    }

    public void Trim() => _network?.Trim();

    public bool Finish()
    {
        var isShared = SharedNetwork.TryEnd(container);
        if (_network is { } network)
        {
            // A device over one of the host's is in the way of the next (macvlan's passthru) until the kernel has taken the namespace away, in its own time.
            if (isShared || network.State.Endpoints.Any(static endpoint => !endpoint.IsBridged))
            {
                network.RemoveDevices();
            }

            _networkBefore = network.State;
            _network = null;
            network.Dispose();
        }

        if (_cgroup is null)
        {
            return false;
        }

        var cgroup = _cgroup;
        _cgroup = null;
        OutOfMemory = cgroup.OomKilled;
        cgroup.Remove();
        return OutOfMemory;
    }

    public void Dispose()
    {
        _planner?.Dispose();
        _init?.Dispose();
        _network?.Dispose();
    }

    private RuntimeSpec RequireSpec()
    {
        if (_spec is null)
        {
            // Adopted: its start was another monitor's.
            _spec = _planner!.BuildSpec(0, 0);
            _seccompFilter = _planner.BuildSeccompFilter(_spec);
        }

        return _spec;
    }

    /// <summary>
    /// An overlay that was mounted volatile refuses to be mounted again, lest a crash of the host in between went unnoticed (overlayfs.rst,
    /// "Volatile mount"). There was none: this process has seen both, or has taken over from one of the same boot that had.
    /// </summary>
    private void AllowNextMount()
    {
        if (container.HostConfig is { AutoRemove: true, Rootfs: null })
        {
            _ = FileTree.Remove(container.WorkDirectory + "/work/incompat/volatile");
        }
    }

    private static void Note(PlanTable? table, string call, string target, string purpose, ref long since)
    {
        var now = Stopwatch.GetTimestamp();
        table?.Add(new PlanStepText(PlanSide.Host, call, target, purpose), Stopwatch.GetElapsedTime(since, now).TotalMicroseconds);
        since = now;
    }
}
