using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Launching;

/// <summary>
/// Compiles a specification into a launch plan. Ordinary managed code: all decisions are made here, so that the child has none to make.
/// The order is that of runtime-spec's lifecycle and of what each step needs of the ones before it.
/// </summary>
internal sealed unsafe partial class LaunchPlanCompiler : IDisposable
{
    private readonly PlanBuilder _plan = new();
    private readonly LaunchRequest _request;
    private readonly RuntimeSpec _spec;
    private readonly RuntimeProcess _process;
    private readonly RuntimeLinux _linux;
    private readonly NamespaceSet _namespaces;
    private readonly nint _nothing;
    private readonly ProcessSteps _steps;
    private readonly NetworkDevices? _networkDevices;
    private PlanRegister _status;
    private PlanRegister _statusChild;

    private LaunchPlanCompiler(LaunchRequest request)
    {
        _request = request;
        _spec = request.Spec;
        _process = request.Spec.Process ?? throw SampanException.InvalidArgument("specification has no process: start needs one");
        _linux = request.Spec.Linux ?? new RuntimeLinux();
        _namespaces = NamespaceSet.From(_linux.Namespaces);
        _nothing = _plan.Arena.Text("");
        _steps = new ProcessSteps(_plan, _process) { InUserNamespace = _namespaces.Has("user"), Seccomp = SeccompLoading.From(_linux.Seccomp) };
        SpecificationRules.Check(_spec, _namespaces, _request.Security ?? SecurityModules.OfHost);
        if (_request.Unprivileged && !_namespaces.Has("user"))
        {
            throw SampanException.InvalidArgument("rootless container requires user namespaces: add one to linux.namespaces (spec --rootless does)");
        }

        _networkDevices = NetworkDevices.From(_linux, _namespaces);
        if (_process.Args is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument("specification has no process.args: name a command");
        }
    }

    /// <summary>Compiles.</summary>
    /// <exception cref="SampanException">The specification asks for what cannot be.</exception>
    public static CompiledLaunch Compile(LaunchRequest request)
    {
        using var compiler = new LaunchPlanCompiler(request);
        return compiler.Compile();
    }

    public void Dispose() => _plan.Dispose();

    private CompiledLaunch Compile()
    {
        // Host side: whatever is named by a path of the host is opened here, before the child leaves it.
        _status = _plan.NewRegister();
        _statusChild = _plan.NewRegister();
        _plan.Macro(
            PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells the parent when the command runs, or which step failed",
            _status.Index, _statusChild.Index);
        OpenCgroups();
        OpenResctrlGroup();
        OpenNamespaces();
        OpenMappedRoot();
        if (!_request.Unprivileged)
        {
            OpenMountSources();
        }

        var clone = Clone();

        _plan.EnterContainer();

        // A user namespace of its own has nobody else in it yet, and a parent without privileges maps its ids and enters it through files
        // that a process which is not dumpable keeps from him.
        _steps.BindToParent(_status, _statusChild, hides: !(_request.Unprivileged && _namespaces.Creates("user")));
        EnterResctrlGroup();
        JoinCgroups();
        JoinNamespaces();
        NameHost();
        IsolateMounts();
        if (_request.Unprivileged)
        {
            // The host is still in sight, and the rights on it are no other than the caller's.
            OpenMountSources();
        }

        MountRoot();
        MountAll();
        MakeDevices();
        MakeConsole();
        if (_request.Observation == LaunchObservation.Points)
        {
            _steps.Report(_statusChild, LaunchPoint.NamespacesMade);
        }

        _steps.AttachStreams(_request.Stdin, _request.Stdout, _request.Stderr, _request.InheritStreams);
        AwaitNetwork();
        SetKernelParameters();
        ProtectPaths();
        PivotRoot();
        _steps.OwnNullDevice(_request.NullStreams);
        _steps.SetLimits();
        _steps.SetScheduling(_linux);
        _steps.EnterWorkingDirectory();
        _steps.TakeIdentity(_request.Id, _request.SeccompFilter, _request.NewKeyring);
        if (_request.Observation != LaunchObservation.None)
        {
            _steps.FindCommand();
            _steps.Report(_statusChild, _request.Observation == LaunchObservation.Points ? LaunchPoint.Ready : null);
        }

        if (!_request.DiesWithParent)
        {
            _steps.OutliveParent();
        }

        // The parent is there only until the gate, and somebody has to fetch the listener.
        if (_steps.Seccomp.Notifies)
        {
            _steps.Seal(_request.SeccompFilter);
        }

        if (_request.Gate is { } gate)
        {
            Close(_statusChild, "status channel");
            _steps.AwaitGate(gate.Number);
        }

        if (!_steps.Seccomp.Notifies)
        {
            _steps.Seal(_request.SeccompFilter);
        }

        _steps.Execute(_request.Init, _request.PreservedDescriptors);

        return new CompiledLaunch(_plan.Build(_process.Args![0], _steps.Candidates), clone, _status)
        {
            Gate = _request.Gate?.Number ?? 0,
            BornInPidNamespace = _pidNamespace is not null && !HasIntermediate,
            AwaitsLeave = _request.Observation == LaunchObservation.Leave,
            Listener = _steps.Listener,
            SeccompListener = _request.SeccompListener,
            NetworkDevices = _networkDevices,
            Connect = _request.Connect,
            IdMappings = _namespaces.Creates("user") ? IdMappings.From(_linux, _process) : null,
        };
    }

    private void Close(PlanRegister descriptor, string what) => _steps.Close(descriptor, what);
}
