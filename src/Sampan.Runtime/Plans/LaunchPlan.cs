using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Plans;

/// <summary>
/// A compiled start: the host's steps, then the child's, in native memory, with a text for each. From the same list come execution,
/// <c>--explain</c>, <c>--trace</c> and precise errors.
/// </summary>
public sealed unsafe class LaunchPlan : IDisposable
{
    private const int ProtReadWrite = 3;
    private const int MapSharedAnonymous = 0x21;

    private readonly PlanArena _arena;
    private readonly IReadOnlyList<PlanStepText> _texts;
    private readonly nint _reportLength;

    internal LaunchPlan(PlanArena arena, PlanStep* steps, IReadOnlyList<PlanStepText> texts, int containerStart)
    {
        _arena = arena;
        _texts = texts;
        Steps = steps;
        ContainerStart = containerStart;
        Calls = (PlanCalls*)arena.Allocate(sizeof(PlanCalls));
        *Calls = PlanCalls.ForThisArchitecture();
        _reportLength = sizeof(PlanReport) + (texts.Count * sizeof(PlanTiming));
        Report = (PlanReport*)Kernel.Check(
            Kernel.Call(SystemCall.Mmap, 0, _reportLength, ProtReadWrite, MapSharedAnonymous, -1, 0), "map", "the launch report");
    }

    /// <summary>What each step is, in order, host side first.</summary>
    public IReadOnlyList<PlanStepText> Texts => _texts;

    /// <summary>Index of the first step the cloned child executes.</summary>
    public int ContainerStart { get; }

    /// <summary>What the specification asks for and does not get, without that being an error: lines for a log.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Index of the parent's last step, which clones. Steps between it and <see cref="ContainerStart"/> belong to a process that
    /// joins namespaces, makes the child its own sibling, and ends; mostly there are none.</summary>
    internal int HostEnd { get; init; }

    /// <summary>Index of the first step that is executed only when one before it failed; <see cref="Count"/> where there is none.</summary>
    internal int UndoStart { get; init; }

    internal PlanStep* Steps { get; }

    internal PlanCalls* Calls { get; }

    internal PlanReport* Report { get; }

    /// <summary>Name or path the Execute step looks for, for its error message.</summary>
    internal string Command { get; init; } = "";

    /// <summary>Paths the Execute step tries, in order.</summary>
    internal IReadOnlyList<string> CommandCandidates { get; init; } = [];

    /// <summary>Microseconds a step took, once it ran; null before.</summary>
    /// <param name="index">Index into <see cref="Texts"/>.</param>
    /// <returns>Microseconds. The last step, execve(2), never ends in the plan: its end is when the launcher saw the new program.</returns>
    public double? MicrosecondsOf(int index)
    {
        var timing = Timings[index];
        return timing.Started == 0 ? null : timing.Ended == 0 ? 0 : (timing.Ended - timing.Started) / 1000.0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kernel.Call(SystemCall.Munmap, (nint)Report, _reportLength);
        _arena.Dispose();
    }

    internal PlanTiming* Timings => (PlanTiming*)(Report + 1);

    internal int Count => _texts.Count;

    /// <summary>Executes the host side in this process, up to the clone.</summary>
    /// <exception cref="SampanException">A step failed.</exception>
    internal void RunHostSide()
    {
        if (PlanInterpreter.Run(Steps, 0, HostEnd, Calls, Report) != 0)
        {
            throw PlanFailure.Describe(this);
        }
    }

    /// <summary>The child's verdict, once it has closed the status channel on its way to a gate.</summary>
    /// <exception cref="SampanException">A step failed, or the child was killed.</exception>
    internal void ThrowUnlessWaiting()
    {
        var gate = 0;
        while (gate < Count && Texts[gate].Object != ProcessSteps.GateName)
        {
            gate++;
        }

        // The step before it closed the channel.
        if (Report->FailedErrno != 0 || Report->Current < gate - 1)
        {
            ThrowUnlessExecuted();
        }
    }

    /// <summary>The child's verdict, once its end of the status channel is closed.</summary>
    /// <exception cref="SampanException">A step failed, or the child was killed before its command.</exception>
    internal void ThrowUnlessExecuted()
    {
        if (Report->FailedErrno != 0)
        {
            throw PlanFailure.Describe(this);
        }

        if (Report->Current != Count - 1)
        {
            var step = Texts[Report->Current];
            throw new SampanException(
                ErrorKind.Internal, $"the container's first process was killed during \"{step.Call} {step.Object}\": out of memory, or a signal from outside");
        }

        MarkEnded(Count - 1);
    }

    /// <summary>The verdict of a child that executes nothing, once it has ended.</summary>
    /// <exception cref="SampanException">A step failed, or the child was killed.</exception>
    internal void ThrowUnlessDone()
    {
        if (Report->FailedErrno != 0)
        {
            throw PlanFailure.Describe(this);
        }

        if (Timings[UndoStart - 1].Ended == 0)
        {
            var step = Texts[Report->Current];
            throw new SampanException(ErrorKind.Internal, $"the process that changes the container was killed during \"{step.Call} {step.Object}\": out of memory, or a signal from outside");
        }
    }

    internal void MarkStarted(int index) => Timings[index].Started = Now();

    internal void MarkEnded(int index) => Timings[index].Ended = Now();

    internal nint Register(PlanRegister register) => (nint)Report->Registers[register.Index];

    internal void SetRegister(PlanRegister register, nint value) => Report->Registers[register.Index] = value;

    private static long Now()
    {
        TimeSpec time;
        return Libc.ClockGetTime(1, &time) != 0 ? 0 : (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}
