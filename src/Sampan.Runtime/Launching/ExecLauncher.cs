using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Launching;

/// <summary>Starts a further process in a running container.</summary>
public static class ExecLauncher
{
    private const int OpenWriteOnlyCloseOnExec = 1 | 0x8_0000;
    private const int OpenPathCloseOnExec = 0x20_0000 | 0x8_0000;

    /// <summary>
    /// Clones into the container's pid namespace and cgroup, enters its other namespaces and executes. Same rules and errors as
    /// <see cref="ContainerLauncher.Launch"/>.
    /// </summary>
    /// <param name="request">What to execute, and where.</param>
    /// <param name="warn">Takes what the process asks for and does not get, without that being an error.</param>
    /// <param name="trace">Receives the executed plan, with times, before it is freed.</param>
    /// <returns>The process, a child of the caller.</returns>
    /// <exception cref="SampanException">A step failed.</exception>
    public static LaunchedProcess Launch(ExecRequest request, Action<string>? warn = null, Action<LaunchPlan>? trace = null)
    {
        using var child = ProcessCloner.Start(Compile(request));
        foreach (var warning in child.Warnings)
        {
            warn?.Invoke(warning);
        }

        return child.Await(trace);
    }

    internal static CompiledLaunch Compile(ExecRequest request)
    {
        SpecificationRules.Check(request.Process, request.Security ?? SecurityModules.OfHost);
        if (request.Process.Args is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument("exec needs a command");
        }

        using var plan = new PlanBuilder();
        var steps = new ProcessSteps(plan, request.Process) { InUserNamespace = NamespaceEntrance.HasUserNamespace(request.Namespaces), Seccomp = SeccompLoading.From(request.Linux?.Seccomp) };
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(
            PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells the parent when the command runs, or which step failed",
            status.Index, statusChild.Index);
        var affinity = request.Process.ExecCPUAffinity;
        var procs = OpenCgroups(plan, request.Cgroup, !string.IsNullOrEmpty(affinity?.Initial), out var directory);
        var entrance = new NamespaceEntrance(plan, request.InitPidFd, request.Namespaces, () => WriteOwnFiles(plan, steps, request.Process));
        plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "the process");
        plan.EnterContainer();
        if (!entrance.HasBetween)
        {
            WriteOwnFiles(plan, steps, request.Process);
        }

        steps.BindToParent(status, statusChild);
        steps.SetAffinity(affinity?.Initial, "execCPUAffinity.initial", "processors it runs on until it is in the container's cgroup");
        var zero = plan.Arena.Text("0");
        foreach (var (path, file) in procs)
        {
            plan.Call(SystemCall.Write, "write", path, "enter the cgroup", file, zero, 1);
        }

        steps.SetAffinity(affinity?.Final, "execCPUAffinity.final", "processors it runs on");

        // Only a capability outside of a user namespace lifts a hard limit (getrlimit(2)).
        var limitsFirst = entrance is { HasUser: true, HasBetween: false };
        if (limitsFirst)
        {
            steps.SetLimits();
        }

        entrance.Enter();
        if (entrance.HasUser)
        {
            // What it makes on its way, a terminal above all, is to belong to somebody in there.
            plan.Call(SystemCall.Setresgid, "setresgid", "0", "become root of the user namespace", 0, 0, 0).Tolerate([Errno.EINVAL]);
            plan.Call(SystemCall.Setresuid, "setresuid", "0", "become root of the user namespace", 0, 0, 0).Tolerate([Errno.EINVAL]);
        }

        if (request.Process.Terminal)
        {
            var root = plan.Call(SystemCall.OpenAt, "openat", "/", "the container's root", -100, plan.Arena.Text("/"), OpenPathCloseOnExec).ToRegister();
            steps.OpenTerminal(root, "/dev/pts/ptmx", statusChild);
        }

        steps.AttachStreams(request.Stdin, request.Stdout, request.Stderr, request.InheritStreams);
        steps.OwnNullDevice(request.NullStreams);
        if (!limitsFirst)
        {
            steps.SetLimits();
        }

        steps.SetScheduling(request.Linux);
        steps.EnterWorkingDirectory();
        steps.TakeIdentity(request.Id, request.SeccompFilter);
        if (!request.DiesWithParent)
        {
            steps.OutliveParent();
        }

        steps.Seal(request.SeccompFilter);
        steps.Execute(init: false, request.PreservedDescriptors, request.Executable);
        var clone = new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand | (directory is null ? 0 : CloneArguments.IntoCgroup), directory);
        return new CompiledLaunch(plan.Build(request.Process.Args[0], steps.Candidates), clone, status)
        {
            BornInPidNamespace = entrance.MovesParent,
            Listener = steps.Listener,
            SeccompListener = request.SeccompListener,
        };
    }

    private static void WriteOwnFiles(PlanBuilder plan, ProcessSteps steps, Oci.Runtime.RuntimeProcess process)
    {
        if (process.OomScoreAdj is { } score)
        {
            WriteOwn(
                plan, steps, "oom_score_adj", score.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "how readily the kernel kills it when memory is short");
        }

        steps.SetLabels((name, value, purpose) => WriteOwn(plan, steps, name, value, purpose));
    }

    /// <summary>By the host's /proc, which is still in sight, and before the process stops being dumpable.</summary>
    private static void WriteOwn(PlanBuilder plan, ProcessSteps steps, string name, string value, string purpose)
    {
        var path = $"/proc/self/{name}";
        var file = plan.Call(
            SystemCall.OpenAt, "openat", path, purpose, MountFlags.AtFdCwd, plan.Arena.Text(path), OpenWriteOnlyCloseOnExec).ToRegister();
        plan.Call(
            SystemCall.Write, "write", $"{path} = {value}", purpose, file, plan.Arena.Text(value), System.Text.Encoding.UTF8.GetByteCount(value));
        steps.Close(file, name);
    }

    // With joins the process enters the unified group too after its birth: its initial processors may be outside of the group's.
    private static List<(string Path, PlanRegister File)> OpenCgroups(PlanBuilder plan, CgroupPlacement? cgroup, bool joins, out PlanRegister? directory)
    {
        var procs = new List<(string, PlanRegister)>();
        foreach (var path in cgroup?.JoinFiles ?? [])
        {
            Open(path);
        }

        directory = null;
        if (cgroup?.CloneDirectory is { } unified)
        {
            if (joins)
            {
                Open($"{unified}/cgroup.procs");
            }
            else
            {
                directory = plan.Call(
                    SystemCall.OpenAt, "openat", unified, "the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(unified), OpenPathCloseOnExec).ToRegister();
            }
        }

        return procs;

        void Open(string path) => procs.Add((path, plan.Call(
            SystemCall.OpenAt, "openat", path, "the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(path), OpenWriteOnlyCloseOnExec).ToRegister()));
    }
}
