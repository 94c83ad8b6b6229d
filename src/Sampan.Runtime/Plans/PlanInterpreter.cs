using Sampan.Linux;
using Sampan.Linux.Interop;

namespace Sampan.Runtime.Plans;

/// <summary>
/// Executes plan steps. It runs in a child made by clone3(2) from a managed process, so nothing here may touch the managed world: no
/// allocation, no static with an initialiser, no exception, no string, only native memory prepared beforehand and
/// <c>[SuppressGCTransition]</c> calls (ARCHITECTURE.md, "clone rules"). The host side of a plan runs through the same loop.
/// </summary>
internal static unsafe partial class PlanInterpreter
{
    private const int ClockMonotonic = 1;

    /// <summary>Executes steps until the end, or until one fails.</summary>
    /// <param name="steps">The plan's steps.</param>
    /// <param name="first">Index of the first step to execute.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="calls">Numbers of the calls macro-steps make.</param>
    /// <param name="report">Shared report; timings follow it.</param>
    /// <returns>0, or the error number of the step that failed.</returns>
    public static int Run(PlanStep* steps, int first, int end, PlanCalls* calls, PlanReport* report)
    {
        var timings = (PlanTiming*)(report + 1);
        for (var index = first; index < end; index++)
        {
            var step = steps + index;
            report->Current = index;
            timings[index].Started = Now();
            var result = Execute(step, calls, report);
            timings[index].Ended = Now();
            if (result < 0)
            {
                var errno = (int)-result;
                timings[index].Errno = errno;
                if (!IsTolerated(step, errno))
                {
                    report->FailedStep = index;
                    report->FailedErrno = errno;
                    return errno;
                }

                index += step->SkipWhenTolerated;
                continue;
            }

            if (step->Result != PlanStep.NoRegister)
            {
                report->Registers[step->Result] = result;
            }
        }

        return 0;
    }

    /// <summary>Takes back what the steps before did: those steps whose registers were filled, each as well as it can be.</summary>
    /// <param name="steps">The plan's steps.</param>
    /// <param name="first">Index of the first step to execute.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="calls">Numbers of the calls macro-steps make.</param>
    /// <param name="report">Shared report, which keeps the error that led here.</param>
    public static void Undo(PlanStep* steps, int first, int end, PlanCalls* calls, PlanReport* report)
    {
        for (var index = first; index < end; index++)
        {
            var step = steps + index;
            var filled = true;
            for (var argument = 0; argument < 6; argument++)
            {
                filled &= (step->RegisterArguments & (1 << argument)) == 0 || report->Registers[step->Arguments[argument]] >= 0;
            }

            if (filled && Execute(step, calls, report) is var result and >= 0 && step->Result != PlanStep.NoRegister)
            {
                report->Registers[step->Result] = result;
            }
        }
    }

    /// <summary>Tells whoever opened the gate why the command does not run: the parent may be long gone.</summary>
    /// <param name="calls">Call numbers.</param>
    /// <param name="report">Its first four numbers are told.</param>
    public static void ReportThroughGate(PlanCalls* calls, PlanReport* report)
    {
        if (report->Gate != 0)
        {
            Call(calls->Write, report->Gate, (nint)report, PlanReport.VerdictLength);
        }
    }

    /// <summary>Ends the calling process without returning to managed code.</summary>
    /// <param name="calls">Call numbers.</param>
    /// <param name="status">Exit status.</param>
    public static void Exit(PlanCalls* calls, int status)
    {
        while (true)
        {
            Libc.Syscall(calls->ExitGroup, status, 0, 0, 0, 0, 0);

            // A system call filter may refuse even that: no filter keeps a fault from ending a process whose signals are at their defaults.
            *(byte*)1 = 0;
        }
    }

    private static nint Execute(PlanStep* step, PlanCalls* calls, PlanReport* report)
    {
        var a0 = Argument(step, report, 0);
        var a1 = Argument(step, report, 1);
        var a2 = Argument(step, report, 2);
        var a3 = Argument(step, report, 3);
        switch (step->Operation)
        {
            case PlanOperation.SystemCall:
                return Call(step->Number, a0, a1, a2, a3, Argument(step, report, 4), Argument(step, report, 5));
            case PlanOperation.MakeMountpoint:
                return MakeMountpoint(calls, a0, (byte*)a1, a2, a3);
            case PlanOperation.MaskPath:
                return MaskPath(calls, a0, (byte*)a1, a2, a3);
            case PlanOperation.SendDescriptor:
                return SendDescriptor(calls, a0, (int)a1);
            case PlanOperation.AwaitByte:
                return AwaitByte(calls, a0);
            case PlanOperation.ResetSignals:
                return ResetSignals(calls);
            case PlanOperation.LimitBoundingSet:
                return LimitBoundingSet(calls, (ulong)a0);
            case PlanOperation.SetAmbientSet:
                return SetAmbientSet(calls, (ulong)a0);
            case PlanOperation.FindCommand:
                return FindCommand(calls, (byte**)a0, report);
            case PlanOperation.Execute:
                return ExecuteCommand(calls, (byte**)a0, a1, a2, report);
            case PlanOperation.MakeSocketPair:
                return MakeSocketPair(calls, report, a0, a1, a2);
            case PlanOperation.BecomeInit:
                return BecomeInit(calls);
            case PlanOperation.MakeUserNamespace:
                return MakeUserNamespace(calls, a0, a1, a2, a3);
            case PlanOperation.MapMountIds:
                return MapMountIds(calls, a0, a1, a2);
            case PlanOperation.CopyMode:
                return CopyMode(calls, a0, (byte*)a1, a2);
            case PlanOperation.CopyTree:
                return CopyTree(calls, a0, (byte*)a1, a2);
            case PlanOperation.FindMount:
                return FindMount(calls, a0);
            case PlanOperation.RequireMount:
                return FindMount(calls, a0) == a1 ? 0 : -(int)Errno.ESTALE;
            case PlanOperation.TakeOff:
                return TakeOff(calls, a0, a1);
            case PlanOperation.CountMissing:
                return CountMissing(calls, a0, (byte*)a1);
            case PlanOperation.RemovePlace:
                return RemovePlace(calls, a0, (byte*)a1, a2);
            case PlanOperation.RemoveNode:
                return RemoveNode(calls, a0, (byte*)a1, a2, a3);
            default:
                return -(int)Errno.EINVAL;
        }
    }

    private static nint Argument(PlanStep* step, PlanReport* report, int index)
    {
        var value = step->Arguments[index];
        return (nint)((step->RegisterArguments & (1 << index)) != 0 ? report->Registers[value] : value);
    }

    private static bool IsTolerated(PlanStep* step, int errno)
    {
        for (var i = 0; i < 3; i++)
        {
            if (step->Tolerated[i] == errno)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One system call: its result, or minus the error number. EINTR is restarted: the child's signals are blocked or default.</summary>
    private static nint Call(nint number, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        while (true)
        {
            var result = Libc.Syscall(number, a0, a1, a2, a3, a4, a5);
            if (result != -1)
            {
                return result;
            }

            var errno = *Libc.ErrnoLocation();
            if (errno != (int)Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    private static long Now()
    {
        TimeSpec time;
        return Libc.ClockGetTime(ClockMonotonic, &time) != 0 ? 0 : (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}
