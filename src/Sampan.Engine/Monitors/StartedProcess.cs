using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>A process that has executed its command, and the monitor's ends of its streams.</summary>
/// <param name="Pid">Its pid; the monitor is its parent.</param>
/// <param name="PidFd">A pidfd of it.</param>
internal sealed record StartedProcess(int Pid, FileDescriptor PidFd)
{
    /// <summary>Master of its terminal; then it has no other stream.</summary>
    public FileDescriptor? Terminal { get; init; }

    /// <summary>Write end of its standard input; null where it reads /dev/null.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Read end of its standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Read end of its standard error.</summary>
    public FileDescriptor? Stderr { get; init; }
}
