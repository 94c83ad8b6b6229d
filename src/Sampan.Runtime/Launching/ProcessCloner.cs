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
    private const int PidFdType = 3;
    private const int Exited = 4;

    /// <summary>Runs the host side and clones.</summary>
    /// <param name="launch">Passes to the result; freed when this throws.</param>
    /// <returns>The child, on its way.</returns>
    /// <exception cref="SampanException">A step of the host side failed, or the clone; there is no child.</exception>
    public static LaunchingProcess Start(CompiledLaunch launch)
    {
        var plan = launch.Plan;
        var ownPidNamespace = launch.BornInPidNamespace ? FileDescriptor.Open("/proc/self/ns/pid", OpenFlags.ReadOnly) : null;
        var status = -1;
        var isCloned = false;
        try
        {
            plan.RunHostSide();
            var pid = Clone(plan, launch, out var pidFd);
            isCloned = true;
            status = (int)plan.Register(launch.Status);
            return new LaunchingProcess(launch, pid, new FileDescriptor(pidFd), new FileDescriptor(status));
        }
        finally
        {
            // Every descriptor the host side opened is the child's now. Its end of the status channel above all: while the parent holds a
            // copy, end of file never comes.
            CloseHostDescriptors(plan, status);
            if (!isCloned)
            {
                // Not before: which descriptors there are is read from the plan's own memory.
                launch.Dispose();
            }

            if (ownPidNamespace is not null)
            {
                Kernel.Check(
                    Kernel.Call(SystemCall.SetNs, ownPidNamespace.Number, (nint)NamespaceSet.Flag("pid")), "setns", "back to the host's pid namespace");
                ownPidNamespace.Dispose();
            }
        }
    }

    /// <summary>
    /// The clone rules: signals blocked, no GC while the child is made, and the child walks nothing but native memory until it executes
    /// or exits.
    /// </summary>
    private static int Clone(LaunchPlan plan, CompiledLaunch launch, out int pidFd)
    {
        var index = plan.HostEnd;
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

        // The process in between is an ordinary child; it makes the container's with the arguments above, less what only a parent can have.
        var between = index != plan.ContainerStart - 1;
        var sibling = stackalloc ulong[CloneArgumentsSize / sizeof(ulong)];
        new Span<ulong>(arguments, CloneArgumentsSize / sizeof(ulong)).CopyTo(new(sibling, CloneArgumentsSize / sizeof(ulong)));
        if (between)
        {
            arguments[0] = CloneArguments.PidFd | CloneArguments.ClearSigHand;
            arguments[10] = 0;
            sibling[0] = (sibling[0] & ~CloneArguments.PidFd) | CloneArguments.Sibling;
            sibling[1] = 0;
            sibling[4] = 0;
        }

        var all = ulong.MaxValue;
        ulong before;
        var clone3 = SystemCall.Clone3;
        var setMask = SystemCall.RtSigprocmask;
        var steps = plan.Steps;
        var calls = plan.Calls;
        var report = plan.Report;
        var first = plan.ContainerStart;
        var end = plan.UndoStart;
        var undoEnd = plan.Count;
        report->Gate = launch.Gate;
        plan.MarkStarted(index);
        if (!GC.TryStartNoGCRegion(NoGcBudget))
        {
            throw SampanException.Unavailable("not enough memory to keep the collector still while a process is made: free some");
        }

        Libc.Syscall(setMask, SigSetMask, (nint)(&all), (nint)(&before), 8, 0, 0);
        var pid = Libc.Syscall(clone3, (nint)arguments, CloneArgumentsSize, 0, 0, 0, 0);
        if (pid == 0)
        {
            if (between)
            {
                MakeSibling(steps, index + 1, first - 1, calls, report, clone3, sibling);
            }

            if (PlanInterpreter.Run(steps, first, end, calls, report) != 0)
            {
                PlanInterpreter.Undo(steps, end, undoEnd, calls, report);
            }

            PlanInterpreter.ReportThroughGate(calls, report);
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

        return between ? AwaitSibling(plan, ref pidFd) : (int)pid;
    }

    /// <summary>In the process in between: joins, makes the child and ends. Returns in the child only.</summary>
    private static void MakeSibling(PlanStep* steps, int first, int end, PlanCalls* calls, PlanReport* report, nint clone3, ulong* arguments)
    {
        if (PlanInterpreter.Run(steps, first, end, calls, report) == 0)
        {
            var pid = Libc.Syscall(clone3, (nint)arguments, CloneArgumentsSize, 0, 0, 0, 0);
            if (pid == 0)
            {
                return;
            }

            if (pid < 0)
            {
                report->FailedStep = end;
                report->FailedErrno = *Libc.ErrnoLocation();
            }
            else
            {
                report->Sibling = (int)pid;
            }
        }

        PlanInterpreter.Exit(calls, 0);
    }

    /// <summary>Reaps the process in between.</summary>
    /// <returns>The child's id; its pidfd replaces the other's.</returns>
    /// <exception cref="SampanException">There is no child.</exception>
    private static int AwaitSibling(LaunchPlan plan, ref int pidFd)
    {
        using (var between = new FileDescriptor(pidFd))
        {
            pidFd = -1;
            while (Kernel.CallBlocking(SystemCall.Waitid, PidFdType, between.Number, 0, Exited, 0) == -(int)Errno.EINTR)
            {
                // A signal of the caller's; the process ends by itself.
            }
        }

        var pid = plan.Report->Sibling;
        if (pid == 0)
        {
            throw plan.Report->FailedErrno != 0
                ? PlanFailure.Describe(plan)
                : new SampanException(ErrorKind.Internal, "the process that joins the namespaces was killed: out of memory, or a signal from outside");
        }

        pidFd = (int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid, 0), "pidfd_open", "the container's first process");
        return pid;
    }

    /// <summary>Closes what the executed steps of the host side opened. Registers stay as they are: the child shares them.</summary>
    private static void CloseHostDescriptors(LaunchPlan plan, int except)
    {
        var report = plan.Report;
        for (var index = 0; index < plan.HostEnd; index++)
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
