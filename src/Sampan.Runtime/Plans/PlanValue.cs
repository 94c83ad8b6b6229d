namespace Sampan.Runtime.Plans;

/// <summary>An argument of a step: a value, or the register an earlier step filled.</summary>
/// <param name="Value">The value, or the register's number.</param>
/// <param name="IsRegister">Which of the two.</param>
internal readonly record struct PlanValue(long Value, bool IsRegister)
{
    public static implicit operator PlanValue(nint value) => new(value, false);

    public static implicit operator PlanValue(int value) => new(value, false);

    public static implicit operator PlanValue(long value) => new(value, false);

    public static implicit operator PlanValue(PlanRegister register) => new(register.Index, true);
}

/// <summary>A slot of the shared report that holds a step's result.</summary>
/// <param name="Index">0 to <see cref="PlanReport.RegisterCount"/> - 1.</param>
internal readonly record struct PlanRegister(int Index);
