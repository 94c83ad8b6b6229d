namespace Sampan.Runtime.Plans;

/// <summary>What a reader is told of a step.</summary>
/// <param name="Side">Who executes it.</param>
/// <param name="Call">The system call or macro, as in the man pages.</param>
/// <param name="Object">What it is done to.</param>
/// <param name="Purpose">Why, in words a learner can follow.</param>
public sealed record PlanStepText(PlanSide Side, string Call, string Object, string Purpose);
