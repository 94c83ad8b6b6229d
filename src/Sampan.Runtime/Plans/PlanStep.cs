using System.Runtime.InteropServices;

namespace Sampan.Runtime.Plans;

/// <summary>One step as the interpreter reads it: blittable, in native memory, nothing to chase but pointers into the plan's arena.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PlanStep
{
    /// <summary>The result is not kept.</summary>
    public const short NoRegister = -1;

    public PlanOperation Operation;

    /// <summary>Bit i set: argument i is the number of a register, not a value.</summary>
    public byte RegisterArguments;

    /// <summary>Register that receives the result, or <see cref="NoRegister"/>.</summary>
    public short Result;

    /// <summary>How many following steps to leave out when the step ends with a tolerated error.</summary>
    public short SkipWhenTolerated;

    /// <summary>Error numbers that are not failures; 0 ends the list.</summary>
    public fixed int Tolerated[3];

    public nint Number;

    public fixed long Arguments[6];
}
