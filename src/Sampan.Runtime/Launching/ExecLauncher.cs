using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

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
    /// <returns>The process, a child of the caller.</returns>
    /// <exception cref="SampanException">A step failed.</exception>
    public static LaunchedProcess Launch(ExecRequest request)
    {
        using var child = ProcessCloner.Start(Compile(request));
        return child.Await();
    }

    internal static CompiledLaunch Compile(ExecRequest request)
    {
        UnsupportedFeatures.Refuse(request.Process);
        if (request.Process.Args is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument("exec needs a command");
        }

        using var plan = new PlanBuilder();
        var steps = new ProcessSteps(plan, request.Process);
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(
            PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells the parent when the command runs, or which step failed",
            status.Index, statusChild.Index);
        var procs = OpenCgroups(plan, request.Cgroup, out var directory);
        var pidFd = request.InitPidFd.Number;
        var pid = NamespaceSet.Flag("pid");
        var others = 0UL;
        var hasPid = false;
        foreach (var item in request.Namespaces)
        {
            if (item.Type == "pid")
            {
                hasPid = true;
            }
            else
            {
                others |= NamespaceSet.Flag(item.Type);
            }
        }

        if (hasPid)
        {
            plan.Call(SystemCall.SetNs, "setns", "pid namespace", "children are born in the container's pid namespace", pidFd, (nint)pid);
        }

        plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "the process");
        plan.EnterContainer();
        SetOomScore(plan, steps, request.Process.OomScoreAdj);
        steps.BindToParent(status, statusChild);
        var zero = plan.Arena.Text("0");
        for (var i = 0; i < procs.Count; i++)
        {
            plan.Call(SystemCall.Write, "write", request.Cgroup!.JoinFiles[i], "enter the cgroup", procs[i], zero, 1);
        }

        plan.Call(SystemCall.SetNs, "setns", "all other namespaces", "of the container's first process", pidFd, (nint)others);
        if (request.Process.Terminal)
        {
            var root = plan.Call(SystemCall.OpenAt, "openat", "/", "the container's root", -100, plan.Arena.Text("/"), OpenPathCloseOnExec).ToRegister();
            steps.OpenTerminal(root, "/dev/pts/ptmx", statusChild);
        }

        steps.AttachStreams(request.Stdin, request.Stdout, request.Stderr, request.InheritStreams);
        steps.SetLimits();
        steps.EnterWorkingDirectory();
        steps.TakeIdentity(request.Id, request.SeccompFilter);
        if (!request.DiesWithParent)
        {
            steps.OutliveParent();
        }

        steps.Seal(request.SeccompFilter);
        steps.Execute(init: false, request.PreservedDescriptors, request.Executable);
        var clone = new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand | (directory is null ? 0 : CloneArguments.IntoCgroup), directory);
        return new CompiledLaunch(plan.Build(request.Process.Args[0], steps.Candidates), clone, status) { BornInPidNamespace = hasPid };
    }

    /// <summary>By the host's /proc, which is still in sight, and before the process stops being dumpable.</summary>
    private static void SetOomScore(PlanBuilder plan, ProcessSteps steps, int? score)
    {
        if (score is null)
        {
            return;
        }

        const string path = "/proc/self/oom_score_adj";
        var value = score.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var file = plan.Call(
            SystemCall.OpenAt, "openat", path, "how readily the kernel kills it when memory is short",
            MountFlags.AtFdCwd, plan.Arena.Text(path), OpenWriteOnlyCloseOnExec).ToRegister();
        plan.Call(SystemCall.Write, "write", $"{path} = {value}", "as the container's own", file, plan.Arena.Text(value), value.Length);
        steps.Close(file, "oom_score_adj");
    }

    private static List<PlanRegister> OpenCgroups(PlanBuilder plan, CgroupPlacement? cgroup, out PlanRegister? directory)
    {
        var procs = new List<PlanRegister>();
        foreach (var path in cgroup?.JoinFiles ?? [])
        {
            procs.Add(plan.Call(
                SystemCall.OpenAt, "openat", path, "the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(path), OpenWriteOnlyCloseOnExec).ToRegister());
        }

        directory = cgroup?.CloneDirectory is { } unified
            ? plan.Call(
                SystemCall.OpenAt, "openat", unified, "the container's cgroup", MountFlags.AtFdCwd, plan.Arena.Text(unified), OpenPathCloseOnExec).ToRegister()
            : null;
        return procs;
    }
}
