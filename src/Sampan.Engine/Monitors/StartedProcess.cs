using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Monitors;

/// <summary>A process that has executed its command, and the monitor's ends of its streams.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="PidFd">A pidfd of it.</param>
internal sealed record StartedProcess(int Pid, FileDescriptor PidFd)
{
    /// <summary>Start time of a process whose parent has died: it is not this monitor's child. 0 for one that is.</summary>
    public long AdoptedStartTime { get; init; }

    /// <summary>Master of its terminal; then it has no other stream.</summary>
    public FileDescriptor? Terminal { get; init; }

    /// <summary>Write end of its standard input; null where it reads /dev/null.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Read end of its standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Read end of its standard error.</summary>
    public FileDescriptor? Stderr { get; init; }

    /// <summary>What it lost with the monitor it had, in a word each.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Takes the exit code of one that has ended; a child is reaped.</summary>
    /// <returns>Its exit code; null where the kernel does not tell it.</returns>
    /// <exception cref="Linux.LinuxException">waitid(2) failed.</exception>
    public int? TakeExitCode() => AdoptedStartTime == 0 ? ChildProcess.Wait(PidFd) : ForeignProcess.TryExitCode(PidFd, Pid, AdoptedStartTime);
}
