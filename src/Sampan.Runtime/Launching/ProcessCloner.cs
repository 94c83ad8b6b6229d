using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>Runs a compiled plan: host side, clone3(2), child side, and the parent's half of the status channel.</summary>
internal static unsafe class ProcessCloner
{
    private const int SigChild = 17;
    private const int SigSetMask = 2;
    private const int NoGcBudget = 64 * 1024;
    private const int CloneArgumentsSize = 88;

    /// <summary>Runs the plan.</summary>
    /// <returns>The process, once it executes its command.</returns>
    /// <exception cref="SampanException">A step failed; nothing of the child is left.</exception>
    public static LaunchedProcess Run(CompiledLaunch launch, Action<LaunchPlan>? trace)
    {
        var plan = launch.Plan;
        using var ownPidNamespace = launch.BornInPidNamespace ? FileDescriptor.Open("/proc/self/ns/pid", OpenFlags.ReadOnly) : null;
        var kept = -1;
        try
        {
            plan.RunHostSide();
            var pid = Clone(plan, launch, out var pidFd);

            // Every descriptor the host side opened is the child's now. Its end of the status channel above all: while the parent holds a
            // copy, end of file never comes.
            kept = (int)plan.Register(launch.Status);
            CloseHostDescriptors(plan, kept);
            return Await(launch, pid, new FileDescriptor(pidFd), trace);
        }
        finally
        {
            if (kept >= 0)
            {
                Kernel.Call(SystemCall.Close, kept);
            }
            else
            {
                CloseHostDescriptors(plan, -1);
            }

            if (ownPidNamespace is not null)
            {
                Kernel.Check(
                    Kernel.Call(SystemCall.SetNs, ownPidNamespace.Number, (nint)NamespaceSet.Flag("pid")), "setns", "back to the host's pid namespace");
            }
        }
    }

    /// <summary>
    /// The clone rules: signals blocked, no GC while the child is made, and the child walks nothing but native memory until it executes
    /// or exits.
    /// </summary>
    private static int Clone(LaunchPlan plan, CompiledLaunch launch, out int pidFd)
    {
        var index = plan.ContainerStart - 1;
        var descriptor = -1;

        // struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup (clone3(2)).
        var arguments = stackalloc ulong[CloneArgumentsSize / sizeof(ulong)];
        new Span<ulong>(arguments, CloneArgumentsSize / sizeof(ulong)).Clear();
        arguments[0] = launch.CloneArguments.Flags;
        arguments[1] = (ulong)&descriptor;
        arguments[4] = SigChild;
        if (launch.CloneArguments.Cgroup is { } cgroup)
        {
            arguments[10] = (ulong)plan.Register(cgroup);
        }

        var all = ulong.MaxValue;
        ulong before;
        var clone3 = SystemCall.Clone3;
        var setMask = SystemCall.RtSigprocmask;
        var steps = plan.Steps;
        var calls = plan.Calls;
        var report = plan.Report;
        var first = plan.ContainerStart;
        var end = plan.Count;
        plan.MarkStarted(index);
        if (!GC.TryStartNoGCRegion(NoGcBudget))
        {
            throw SampanException.Unavailable("not enough memory to keep the collector still while a process is made: free some");
        }

        Libc.Syscall(setMask, SigSetMask, (nint)(&all), (nint)(&before), 8, 0, 0);
        var pid = Libc.Syscall(clone3, (nint)arguments, CloneArgumentsSize, 0, 0, 0, 0);
        if (pid == 0)
        {
            PlanInterpreter.Run(steps, first, end, calls, report);
            PlanInterpreter.Exit(calls, 1);
        }

        var errno = pid < 0 ? *Libc.ErrnoLocation() : 0;
        if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }

        Libc.Syscall(setMask, SigSetMask, (nint)(&before), 0, 8, 0, 0);
        plan.MarkEnded(index);
        pidFd = descriptor;
        if (errno != 0)
        {
            report->FailedStep = index;
            report->FailedErrno = errno;
            throw PlanFailure.Describe(plan);
        }

        return (int)pid;
    }

    private static LaunchedProcess Await(CompiledLaunch launch, int pid, FileDescriptor pidFd, Action<LaunchPlan>? trace)
    {
        var plan = launch.Plan;
        FileDescriptor? terminal = null;
        try
        {
            using var status = new FileDescriptor((int)plan.Register(launch.Status), owned: false);
            if (launch.IdMappings is { } mappings)
            {
                MapIds(pid, mappings);
                status.WriteAll("+"u8);
            }

            while (DescriptorPassing.Receive(status, out var received))
            {
                if (received is not null)
                {
                    terminal?.Dispose();
                    terminal = received;
                }
            }

            if (plan.Report->FailedErrno != 0)
            {
                throw PlanFailure.Describe(plan);
            }

            if (plan.Report->Current != plan.Count - 1)
            {
                throw new SampanException(
                    ErrorKind.Internal, $"the container's first process was killed during \"{plan.Texts[plan.Report->Current].Call} {plan.Texts[plan.Report->Current].Object}\": out of memory, or a signal from outside");
            }

            plan.MarkEnded(plan.Count - 1);
            trace?.Invoke(plan);
            return new LaunchedProcess(pid, pidFd, terminal);
        }
        catch
        {
            terminal?.Dispose();
            Reap(pidFd);
            pidFd.Dispose();
            throw;
        }
    }

    private static void Reap(FileDescriptor pidFd)
    {
        const int PidFdType = 3;
        const int Exited = 4;
        Kernel.Call(SystemCall.PidfdSendSignal, pidFd.Number, 9, 0, 0);
        while (Kernel.CallBlocking(SystemCall.Waitid, PidFdType, pidFd.Number, 0, Exited, 0) == -(int)Errno.EINTR)
        {
            // A signal of the caller's; the child is dying and the wait goes on.
        }
    }

    private static void MapIds(int pid, IdMappings mappings)
    {
        Write($"/proc/{pid}/uid_map", mappings.Users);
        Write($"/proc/{pid}/gid_map", mappings.Groups);
        if (mappings.OomScoreAdj is { } score)
        {
            Write($"/proc/{pid}/oom_score_adj", score.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        static void Write(string path, string content)
        {
            using var file = FileDescriptor.Open(path, OpenFlags.WriteOnly);
            file.WriteAll(System.Text.Encoding.ASCII.GetBytes(content));
        }
    }

    /// <summary>Closes what the executed steps of the host side opened. Registers stay as they are: the child shares them.</summary>
    private static void CloseHostDescriptors(LaunchPlan plan, int except)
    {
        var report = plan.Report;
        for (var index = 0; index < plan.ContainerStart - 1; index++)
        {
            ref var step = ref plan.Steps[index];
            if (plan.Timings[index].Ended == 0 || plan.Timings[index].Errno != 0)
            {
                continue;
            }

            if (step.Operation == PlanOperation.MakeSocketPair)
            {
                Close((int)report->Registers[step.Arguments[0]], except);
                Close((int)report->Registers[step.Arguments[1]], except);
            }
            else if (step.Result != PlanStep.NoRegister)
            {
                Close((int)report->Registers[step.Result], except);
            }
        }
    }

    private static void Close(int descriptor, int except)
    {
        if (descriptor != except)
        {
            Kernel.Call(SystemCall.Close, descriptor);
        }
    }
}
