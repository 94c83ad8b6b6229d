using Sampan.Linux.Files;

namespace Sampan.Runtime.Launching;

/// <summary>A process that has executed its command.</summary>
/// <param name="Pid">Its pid in the caller's namespace. The caller is its parent and must reap it.</param>
/// <param name="PidFd">A pidfd of it (pidfd_open(2)).</param>
/// <param name="Terminal">Master side of its terminal, when one was asked for.</param>
public sealed record LaunchedProcess(int Pid, FileDescriptor PidFd, FileDescriptor? Terminal) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        PidFd.Dispose();
        Terminal?.Dispose();
    }
}
