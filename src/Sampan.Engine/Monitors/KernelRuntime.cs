using System.Diagnostics;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
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
    private bool _wasMounted;

    public string? Trace { get; private set; }

    /// <summary>Kills what is left of a container whose monitor died and removes its cgroup.</summary>
    public static void Clean(ContainerRecord record) =>
        CgroupHierarchy.Detect().Open(RuntimeSpecBuilder.CgroupPath(record.HostConfig, record.Id)).Remove();

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
        var started = Stopwatch.GetTimestamp();
        var hierarchy = CgroupHierarchy.Detect();
        _planner = new ContainerPlanner(container, paths, hierarchy);
        if (container.HostConfig.Rootfs is null)
        {
            NameFiles.Write(container.Directory, container.Config, container.HostConfig, container.IdMap);
        }

        _spec = _planner.BuildSpec(request.Rows, request.Columns);
        _seccompFilter = _planner.BuildSeccompFilter(_spec);
        Note(table, "compile", "specification", "docker's words, the user database and the seccomp filter become what the kernel is told", ref started);
        _cgroup = hierarchy.Create(_planner.CgroupPath, ContainerPlanner.Limits(_spec));
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
            return null;
        }

        if (!state.Paused && _cgroup.IsFrozen)
        {
            // Who held it still (commit, cp) has lost it with the monitor; or the pause was not recorded yet, and its command has failed.
            _cgroup.Thaw();
        }

        var streams = new LastingStreams(state, _cgroup);
        var started = streams.Find(new StartedProcess(state.Pid, process) { AdoptedStartTime = state.PidStartTime }, container.Config);
        _init = process.Duplicate();
        _protection.Engage();
        return started;
    }

    public StartedProcess Execute(Containers.ExecRequest request)
    {
        if (_spec is null)
        {
            // Adopted: its start was another monitor's.
            _spec = _planner!.BuildSpec(0, 0);
            _seccompFilter = _planner.BuildSeccompFilter(_spec);
        }

        using var pipes = StandardPipes.Make(request.Tty, request.Stdin);

        // What it runs must not inherit that the monitor is spared when memory runs out.
        _protection.Release();
        try
        {
            var process = _planner!.BuildProcess(_spec!, request);
            pipes.Give(container.IdMap, process.User.Uid);
            return pipes.Hand(ExecLauncher.Launch(new Runtime.Launching.ExecRequest
            {
                Id = container.Id,
                Process = process,
                InitPidFd = _init!,
                Namespaces = _spec!.Linux!.Namespaces!,
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

    public void Limit(HostConfig host) => _cgroup?.Apply(ContainerPlanner.Limits(host));

    public void Change(ContainerRecord after, UpdateRequest change, Action record)
    {
        // What it starts for that must not inherit that the monitor is spared when memory runs out.
        _protection.Release();
        try
        {
            new ContainerChange(container, paths, _cgroup!, _spec!, _init!).Make(after, change, record);
        }
        finally
        {
            _protection.Engage();
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

    public bool Finish()
    {
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
