using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Runtime.Plans;

/// <summary>Collects steps; <see cref="Build"/> lays them out in native memory.</summary>
internal sealed unsafe class PlanBuilder : IDisposable
{
    private readonly List<PlanStep> _steps = new(160);
    private readonly List<PlanStepText> _texts = new(160);
    private int _registers;
    private int _containerStart = -1;
    private int _hostEnd = -1;
    private int _undoStart = -1;
    private bool _built;

    public PlanArena Arena { get; } = new();

    public PlanSide Side { get; private set; } = PlanSide.Host;

    /// <summary>From here on steps belong to the cloned child.</summary>
    public void EnterContainer()
    {
        Side = PlanSide.Container;
        _containerStart = _steps.Count;
    }

    /// <summary>The step just added is the parent's last: those that follow are a process's that only makes the child.</summary>
    public void EndHostSide() => _hostEnd = _steps.Count - 1;

    /// <summary>From here on steps are executed only when one before fails; each register they take must be filled for that.</summary>
    public void BeginUndo() => _undoStart = _steps.Count;

    /// <summary>What the specification asks for and does not get, without that being an error.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Reserves a register for a value a step yields or the launcher writes.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the specification asks for more than fits a plan.</exception>
    public PlanRegister NewRegister()
    {
        if (_registers == PlanReport.RegisterCount)
        {
            throw SampanException.InvalidArgument("specification has too many mounts and devices for one start: use fewer");
        }

        return new(_registers++);
    }

    /// <summary>Adds a system call.</summary>
    public StepHandle Call(
        nint number,
        string call,
        string target,
        string purpose,
        PlanValue a0 = default,
        PlanValue a1 = default,
        PlanValue a2 = default,
        PlanValue a3 = default,
        PlanValue a4 = default,
        PlanValue a5 = default) =>
        Add(PlanOperation.SystemCall, number, call, target, purpose, [a0, a1, a2, a3, a4, a5]);

    /// <summary>Adds a macro-step.</summary>
    public StepHandle Macro(
        PlanOperation operation,
        string call,
        string target,
        string purpose,
        PlanValue a0 = default,
        PlanValue a1 = default,
        PlanValue a2 = default,
        PlanValue a3 = default) =>
        Add(operation, 0, call, target, purpose, [a0, a1, a2, a3]);

    /// <summary>Freezes the plan. The builder's arena passes to it.</summary>
    /// <param name="command">What the Execute step looks for.</param>
    /// <param name="candidates">Where it looks, in order.</param>
    public LaunchPlan Build(string command, IReadOnlyList<string> candidates)
    {
        var containerStart = _containerStart < 0 ? _steps.Count : _containerStart;
        var steps = (PlanStep*)Arena.Allocate(_steps.Count * sizeof(PlanStep));
        CollectionsMarshal.AsSpan(_steps).CopyTo(new Span<PlanStep>(steps, _steps.Count));
        _built = true;
        return new LaunchPlan(Arena, steps, _texts, containerStart)
        {
            Command = command,
            CommandCandidates = candidates,
            HostEnd = _hostEnd < 0 ? containerStart - 1 : _hostEnd,
            UndoStart = _undoStart < 0 ? _steps.Count : _undoStart,
            Warnings = Warnings,
        };
    }

    public void Dispose()
    {
        if (!_built)
        {
            Arena.Dispose();
        }
    }

    private StepHandle Add(
        PlanOperation operation, nint number, string call, string target, string purpose, ReadOnlySpan<PlanValue> arguments)
    {
        var step = new PlanStep { Operation = operation, Number = number, Result = PlanStep.NoRegister };
        for (var i = 0; i < arguments.Length; i++)
        {
            step.Arguments[i] = arguments[i].Value;
            if (arguments[i].IsRegister)
            {
                step.RegisterArguments |= (byte)(1 << i);
            }
        }

        _steps.Add(step);
        _texts.Add(new PlanStepText(Side, call, target, purpose));
        return new StepHandle(this, _steps.Count - 1);
    }

    /// <summary>A step just added, for what few steps need.</summary>
    internal readonly struct StepHandle(PlanBuilder builder, int index)
    {
        /// <summary>The step's result goes to a new register.</summary>
        public PlanRegister ToRegister()
        {
            var register = builder.NewRegister();
            To(register);
            return register;
        }

        /// <summary>The step's result goes to this register.</summary>
        public StepHandle To(PlanRegister register)
        {
            CollectionsMarshal.AsSpan(builder._steps)[index].Result = (short)register.Index;
            return this;
        }

        /// <summary>These errors are no failure; <paramref name="skip"/> following steps are then left out.</summary>
        public StepHandle Tolerate(ReadOnlySpan<Errno> errors, int skip = 0)
        {
            ref var step = ref CollectionsMarshal.AsSpan(builder._steps)[index];
            for (var i = 0; i < errors.Length; i++)
            {
                step.Tolerated[i] = (int)errors[i];
            }

            step.SkipWhenTolerated = (short)skip;
            return this;
        }
    }
}
