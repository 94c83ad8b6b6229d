using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Containers;

/// <summary>
/// Makes containers of bundles: directory, control group, first process, hooks, in the order of runtime.md, "Lifecycle". Whatever fails,
/// nothing is left; whoever is killed, the first process dies with it as long as it is not created.
/// </summary>
public sealed partial class ContainerCreation
{
    private readonly CreateOptions _options;
    private readonly byte[] _json;
    private readonly RuntimeSpec _spec;
    private readonly ContainerDirectory _directory;
    private ContainerRecord _record;
    private Cgroup? _cgroup;

    /// <summary>Reads and checks a bundle; nothing is made yet.</summary>
    /// <param name="options">What the caller says.</param>
    /// <exception cref="SampanException">There is no bundle, or it makes no sense.</exception>
    public ContainerCreation(CreateOptions options)
    {
        ContainerDirectory.CheckId(options.Id);
        _options = options;
        _json = BundleFile.Read(options.Bundle);
        _spec = WithAbsolutePaths(BundleFile.Parse(_json), options.Bundle);
        SpecificationCheck.Check(_spec);
        _spec = _spec with { Process = ActivationSockets.Announce(_spec.Process!, options.ActivationSockets) };
        _directory = new ContainerDirectory(options.Root, options.Id);
        var root = _spec.Root!.Path;
        _record = new ContainerRecord
        {
            OciVersion = _spec.OciVersion,
            Id = options.Id,
            Bundle = options.Bundle,
            Rootfs = root.StartsWith('/') ? root : Path.GetFullPath(Path.Combine(options.Bundle, root)),
            Created = DateTimeOffset.UtcNow,
            CreatorPid = Environment.ProcessId,
            CreatorStartTime = ProcessStatus.StartTime(Environment.ProcessId),
            Descriptors = HasTerminal ? null : StandardStreams.Names(),
            Annotations = _spec.Annotations,
        };
        if (!Directory.Exists(_record.Rootfs))
        {
            throw SampanException.InvalidArgument($"root filesystem {_record.Rootfs} is not a directory: root.path of config.json names it");
        }
    }

    /// <summary>Whether its process has a terminal.</summary>
    public bool HasTerminal => _spec.Process!.Terminal;

    /// <summary>The container, once it is made.</summary>
    public OciContainer Container => OciContainer.Of(_directory, _record, _spec, _cgroup);

    /// <summary>Makes a container whose first process waits to be started (create).</summary>
    /// <exception cref="SampanException">It cannot be made; nothing is left of it.</exception>
    public void Create() => Make(gated: true).Dispose();

    /// <summary>Makes and starts one (run).</summary>
    /// <returns>The first process, a child of the caller, and the terminal's master side where no socket took it.</returns>
    /// <exception cref="SampanException">It cannot be made or started; nothing is left of it.</exception>
    public LaunchedProcess Run() => Make(gated: false);

    /// <summary>Every step of a run in words; nothing is made.</summary>
    /// <returns>Lines of text.</returns>
    /// <exception cref="SampanException">The bundle asks for what cannot be.</exception>
    public string Explain()
    {
        var (settings, placement) = new ContainerGroup(_options, _spec).Explain();
        var table = new PlanTable();
        foreach (var setting in settings)
        {
            table.Add(new PlanStepText(PlanSide.Command, "write", $"{setting.File} = {setting.Value}", $"limit of the {setting.Controller} controller"));
        }

        using var plan = ContainerLauncher.Explain(Request(placement, null));
        table.Add(plan, PlanSide.Command, PlanSide.Container);
        return table.Format(withTimes: false);
    }

    // config.md, "Mounts": a relative source is below the bundle, a relative destination below the root.
    private static RuntimeSpec WithAbsolutePaths(RuntimeSpec spec, string bundle)
    {
        if (spec.Mounts is not { } given)
        {
            return spec;
        }

        var mounts = new RuntimeMount[given.Count];
        for (var index = 0; index < mounts.Length; index++)
        {
            var mount = given[index];
            if (!mount.Destination.StartsWith('/') && mount.Destination.Length > 0)
            {
                mount = mount with { Destination = "/" + mount.Destination };
            }

            var isBind = mount.Type == "bind" || mount.Options?.Contains("bind") == true || mount.Options?.Contains("rbind") == true;
            mounts[index] = isBind && mount.Source is { Length: > 0 } source && !source.StartsWith('/') ? mount with { Source = Path.Combine(bundle, source) } : mount;
        }

        return spec with { Mounts = mounts };
    }

    private LaunchedProcess Make(bool gated) => Undoing(group =>
    {
        using var gate = gated ? _directory.MakeGate() : null;
        using var child = ContainerLauncher.Start(Request(group.Placement(_cgroup), gate));
        Note(child.Pid);
        Warn(child.Warnings);
        Warn(ResourceLimits.Warnings(_spec.Linux?.Resources));

        var process = child.Await(PlanTable.Telling(_options.Trace), point => Observe(child, point, gated));
        if (!gated && _spec.Hooks?.Poststart is { Count: > 0 } hooks)
        {
            new HookRunner(_record).Run("poststart", hooks, ContainerStatus.Running);
        }

        return process;
    });

    /// <summary>Makes directory and group, then the process; undoes all of it when that fails.</summary>
    private LaunchedProcess Undoing(Func<ContainerGroup, LaunchedProcess> makeProcess)
    {
        _directory.Make();
        try
        {
            // Who deletes what a kill left behind must know where to look, also when the kill came between the group and its name.
            var group = new ContainerGroup(_options, _spec);
            _directory.Write(group.Intend(_record));
            _directory.WriteConfiguration(_json);
            _cgroup = group.Make();
            if (_cgroup is not null)
            {
                // Not before it is ours: what ends this container ends all processes of the group the record names.
                _record = group.Note(_record, _cgroup);
                _directory.Write(_record);
            }

            return makeProcess(group);
        }
        catch
        {
            Undo();
            throw;
        }
    }

    private void Note(int pid)
    {
        _record = _record with { Pid = pid, PidStartTime = ProcessStatus.StartTime(pid) };
        _directory.Write(_record);
    }

    private LaunchRequest Request(CgroupPlacement cgroup, FileDescriptor? gate) => new()
    {
        Id = _options.Id,
        Spec = _spec,
        Root = new RootFilesystem.Directory(_record.Rootfs),
        Cgroup = cgroup,
        SeccompFilter = SeccompFilters.Of(_spec),
        SeccompListener = (pid, listener) => DescriptorHandover.SendListener(_spec.Linux!.Seccomp!, listener, _record, ContainerStatus.Creating, pid),
        Observation = IsObserved(gate is not null) ? LaunchObservation.Points : LaunchObservation.Leave,
        Gate = gate,
        DiesWithParent = false,
        InheritStreams = true,
        NullStreams = StandardStreams.Null(),
        Pivot = _options.Pivot,
        NewKeyring = _options.NewKeyring,
        PreservedDescriptors = _options.PreservedDescriptors + _options.ActivationSockets,
    };

    /// <summary>Whether <see cref="Observe"/> has anything to do.</summary>
    private bool IsObserved(bool gated) =>
        _cgroup?.Unit is not null
        || (HasTerminal && _options.ConsoleSocket is not null)
        || _options.PidFdSocket is not null
        || _options.PidFile is not null
        || _spec.Hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 } or { CreateContainer.Count: > 0 }
        || (!gated && _spec.Hooks is { StartContainer.Count: > 0 });

    private void Observe(LaunchingProcess child, LaunchPoint point, bool gated)
    {
        var runner = new HookRunner(_record);
        if (point == LaunchPoint.NamespacesMade)
        {
            // It is in its group by now.
            _cgroup?.Settle();
            RunHostHooks();
            if (_spec.Hooks?.CreateContainer is { Count: > 0 } inside)
            {
                runner.RunBeside("createContainer", inside, ContainerStatus.Creating, child.PidFd, _spec.Linux?.Namespaces ?? []);
            }

            return;
        }

        if (child.Terminal is { } terminal && _options.ConsoleSocket is { } console)
        {
            DescriptorHandover.Send(console, terminal, "/dev/ptmx");
        }

        if (_options.PidFdSocket is { } socket)
        {
            DescriptorHandover.Send(socket, child.PidFd, "pidfd");
        }

        if (!gated && _spec.Hooks?.StartContainer is { Count: > 0 } start)
        {
            runner.RunInside(Container, "startContainer", start, ContainerStatus.Created);
        }

        if (_options.PidFile is { } file)
        {
            DescriptorHandover.WritePid(file, child.Pid);
        }
    }

    private void RunHostHooks()
    {
        Run("prestart", _spec.Hooks?.Prestart);
        Run("createRuntime", _spec.Hooks?.CreateRuntime);

        void Run(string name, IReadOnlyList<RuntimeHook>? hooks)
        {
            if (hooks is { Count: > 0 })
            {
                new HookRunner(_record).Run(name, hooks, ContainerStatus.Creating);
            }
        }
    }

    private void Warn(IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            _options.Warn?.Invoke(warning);
        }
    }

    // The error that brought us here is what the user must read: one on the way out is a warning.
    private void Undo()
    {
        var container = Container;
        try
        {
            container.Kill();
            container.Destroy(_options.Warn);
        }
        catch (Exception error) when (error is SampanException or LinuxException)
        {
            _options.Warn?.Invoke($"container {_record.Id} is left half-made, delete it with --force: {error.Message}");
        }
    }
}
