using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;
using Sampan.Linux.Sockets;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>A cloned child on its way through its half of the plan, and the parent's half of the status channel.</summary>
public sealed class LaunchingProcess : IDisposable
{
    private const int SigKill = 9;

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

    /// <summary>What the specification asks for and does not get, without that being an error: lines for a log.</summary>
    public IReadOnlyList<string> Warnings => _launch.Plan.Warnings;

    /// <summary>Its id in the caller's pid namespace.</summary>
    public int Pid => _pid;

    /// <summary>A pidfd of it, until <see cref="Await"/> hands it on.</summary>
    public FileDescriptor PidFd => _pidFd!;

    /// <summary>The parent's end of the status channel.</summary>
    internal FileDescriptor Status => _status;

    /// <summary>A pidfd of the caller's own.</summary>
    /// <returns>The descriptor.</returns>
    internal FileDescriptor DuplicatePidFd() => _pidFd!.Duplicate();

    /// <summary>The terminal's master side, once the child has sent it.</summary>
    public FileDescriptor? Terminal { get; private set; }

    /// <summary>Waits until the child executes its command, or waits at its gate. Called once.</summary>
    /// <param name="trace">Receives the executed plan, with times.</param>
    /// <param name="observer">Called at each <see cref="LaunchPoint"/> of an observed child, which goes on when it returns and dies when it throws.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException">A step failed; the child has been reaped.</exception>
    public LaunchedProcess Await(Action<LaunchPlan>? trace = null, Action<LaunchPoint>? observer = null)
    {
        var plan = _launch.Plan;
        try
        {
            if (_launch.IdMappings is not null || _launch.NetworkDevices is not null)
            {
                _launch.IdMappings?.Write(_pid);
                _launch.NetworkDevices?.Move(_pid);
                _ = UnixSocket.TrySend(_status, "+"u8);
            }

            if (_launch.Connect is { } connect)
            {
                connect(_pid, _pidFd!);
                _ = UnixSocket.TrySend(_status, "+"u8);
            }

            if (_launch.AwaitsLeave)
            {
                _ = UnixSocket.TrySend(_status, "+"u8);
            }

            Listen(observer);
            if (_launch.Gate != 0)
            {
                plan.ThrowUnlessWaiting();
            }
            else
            {
                plan.ThrowUnlessExecuted();
            }

            trace?.Invoke(plan);
            var process = new LaunchedProcess(_pid, _pidFd!, Terminal);
            _pidFd = null;
            Terminal = null;
            return process;
        }
        catch
        {
            ChildProcess.Kill(_pidFd!, SigKill);
            ChildProcess.Wait(_pidFd!);
            throw;
        }
    }

    /// <summary>Looks away: the child goes on, and the caller no longer learns whether it got through.</summary>
    public void Dispose()
    {
        _pidFd?.Dispose();
        Terminal?.Dispose();
        _status.Dispose();
        _launch.Dispose();
    }

    /// <summary>Until the child has closed its end.</summary>
    private void Listen(Action<LaunchPoint>? observer)
    {
        Span<byte> text = stackalloc byte[64];
        int count;
        while ((count = DescriptorPassing.Receive(_status, text, out var received)) > 0)
        {
            if (received is not null)
            {
                Terminal?.Dispose();
                Terminal = received;
            }

            foreach (var mark in text[..count])
            {
                if (mark == 's')
                {
                    HandOverListener();
                    _ = UnixSocket.TrySend(_status, "+"u8);
                }
                else if (mark is (byte)'n' or (byte)'r')
                {
                    observer?.Invoke(mark == 'n' ? LaunchPoint.NamespacesMade : LaunchPoint.Ready);
                    _ = UnixSocket.TrySend(_status, "+"u8);
                }
            }
        }
    }

    /// <summary>
    /// The descriptor is fetched, not sent: the filter may stop the child at every call but write until somebody answers, and who shall
    /// answer does not have the descriptor yet.
    /// </summary>
    private void HandOverListener()
    {
        var number = _launch.Plan.Register(_launch.Listener!.Value);
        using var listener = new FileDescriptor(
            (int)Kernel.Check(Kernel.Call(SystemCall.PidfdGetfd, _pidFd!.Number, number, 0), "pidfd_getfd", "seccomp listener"));
        (_launch.SeccompListener ?? throw SampanException.Unavailable("the seccomp filter asks an agent and there is none here: use other actions"))(_pid, listener);
    }
}
