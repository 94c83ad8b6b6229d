using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>A cloned child on its way through its half of the plan, and the parent's half of the status channel.</summary>
public sealed class LaunchingProcess : IDisposable
{
    private readonly CompiledLaunch _launch;
    private readonly int _pid;
    private readonly FileDescriptor _status;
    private FileDescriptor? _pidFd;

    internal LaunchingProcess(CompiledLaunch launch, int pid, FileDescriptor pidFd, FileDescriptor status)
    {
        _launch = launch;
        _pid = pid;
        _pidFd = pidFd;
        _status = status;
    }

    /// <summary>Waits until the child executes its command. Called once.</summary>
    /// <param name="trace">Receives the executed plan, with times.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException">A step failed; the child has been reaped.</exception>
    public LaunchedProcess Await(Action<LaunchPlan>? trace = null)
    {
        var plan = _launch.Plan;
        FileDescriptor? terminal = null;
        try
        {
            if (_launch.IdMappings is { } mappings)
            {
                mappings.Write(_pid);
                _status.WriteAll("+"u8);
            }

            while (DescriptorPassing.Receive(_status, out var received))
            {
                if (received is not null)
                {
                    terminal?.Dispose();
                    terminal = received;
                }
            }

            plan.ThrowUnlessExecuted();
            trace?.Invoke(plan);
            var process = new LaunchedProcess(_pid, _pidFd!, terminal);
            _pidFd = null;
            return process;
        }
        catch
        {
            terminal?.Dispose();
            Reap(_pidFd!);
            throw;
        }
    }

    /// <summary>Looks away: the child goes on, and the caller no longer learns whether it got through.</summary>
    public void Dispose()
    {
        _pidFd?.Dispose();
        _status.Dispose();
        _launch.Dispose();
    }

    private static void Reap(FileDescriptor pidFd)
    {
        const int PidFdType = 3;
        const int Exited = 4;
        Kernel.Call(SystemCall.PidfdSendSignal, pidFd.Number, 9, 0, 0);
        while (Kernel.CallBlocking(SystemCall.Waitid, PidFdType, pidFd.Number, 0, Exited, 0) == -(int)Errno.EINTR)
        {
            // A signal of the caller's; the child is dying and the wait goes on.
        }
    }
}
