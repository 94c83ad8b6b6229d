using System.Runtime.InteropServices;

namespace Sampan.Runtime.Plans;

/// <summary>
/// What parent and child share while a plan runs (MAP_SHARED): registers, how far it came, why it stopped, and a time per step. Gone from
/// the child with execve(2).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PlanReport
{
    /// <summary>Enough for some three thousand mounts; of memory only what is used.</summary>
    public const int RegisterCount = 16384;
    public const int HeadLength = 4096;

    /// <summary>Bytes of <see cref="Current"/> to <see cref="CommandFailure"/>.</summary>
    public const int VerdictLength = 16;

    /// <summary>Index of the step being executed.</summary>
    public int Current;

    /// <summary>Error number of the step that failed; 0 while none has.</summary>
    public int FailedErrno;

    /// <summary>Index of the step that failed.</summary>
    public int FailedStep;

    /// <summary>Process id of the child that the process in between has made; 0 while it has not.</summary>
    public int Sibling;

    /// <summary>Why an <see cref="PlanOperation.Execute"/> failed, a <see cref="CommandFailure"/>.</summary>
    public int CommandFailure;

    /// <summary>FIFO the child writes the four numbers above into when it fails after its gate; 0 is none.</summary>
    public int Gate;

    /// <summary>How many bytes of <see cref="CommandHead"/> hold the beginning of the command's file.</summary>
    public int CommandHeadLength;

    /// <summary>Index in the candidates of the file that was found.</summary>
    public int CommandCandidate;

    public fixed long Registers[RegisterCount];

    /// <summary>First bytes of the file that would not execute, for the parent's diagnosis (shebang, ELF header).</summary>
    public fixed byte CommandHead[HeadLength];

    // PlanTiming[steps] follows.
}

/// <summary>When a step began and ended, CLOCK_MONOTONIC nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanTiming
{
    public long Started;
    public long Ended;

    /// <summary>Error number, also when it was tolerated.</summary>
    public int Errno;
}

/// <summary>Why a command could not be executed (execve(2)).</summary>
internal enum CommandFailure
{
    None,

    /// <summary>No candidate exists.</summary>
    NotFound,

    /// <summary>The file is there, its interpreter is not: ENOENT from execve with an existing file.</summary>
    InterpreterMissing,

    /// <summary>EACCES: no execute permission, a directory, or a noexec mount.</summary>
    Denied,

    /// <summary>ENOEXEC: neither a script nor a binary of this machine.</summary>
    WrongFormat,

    /// <summary>Any other error.</summary>
    Other,
}
