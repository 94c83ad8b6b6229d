using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Systemd;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>The process in whose name a scope is started: a clone of this one that waits to be let go, and dies with it.</summary>
public sealed class ScopeSeed : IScopeSeed
{
    private const int PidFdType = 3;
    private const int Exited = 4;
    private const int KillSignal = 9;
    private const int DeathSignalOption = 1;

    private readonly LaunchingProcess _process;
    private readonly FileDescriptor _pidFd;

    private ScopeSeed(LaunchingProcess process)
    {
        _process = process;
        _pidFd = process.DuplicatePidFd();
    }

    /// <inheritdoc/>
    public int Pid => _process.Pid;

    /// <summary>Makes one. The caller must have one mutator thread, as for every clone.</summary>
    /// <returns>The process.</returns>
    /// <exception cref="Linux.SampanException">There is no process.</exception>
    public static IScopeSeed Plant() => new ScopeSeed(ProcessCloner.Start(Compile()));

    /// <inheritdoc/>
    public void Dispose()
    {
        Kernel.Call(SystemCall.PidfdSendSignal, _pidFd.Number, KillSignal, 0, 0);
        while (Kernel.CallBlocking(SystemCall.Waitid, PidFdType, _pidFd.Number, 0, Exited, 0) == -(int)Linux.Errno.EINTR)
        {
            // A signal of the caller's; the process is dying and the wait goes on.
        }

        _pidFd.Dispose();
        _process.Dispose();
    }

    internal static CompiledLaunch Compile()
    {
        using var plan = new PlanBuilder();
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(PlanOperation.MakeSocketPair, "socketpair", "leash", "its end is the process's end", status.Index, statusChild.Index);
        plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "a process for the scope to start with");
        plan.EnterContainer();
        plan.Macro(PlanOperation.ResetSignals, "rt_sigaction", "all signals", "default dispositions");
        plan.Call(SystemCall.Prctl, "prctl PR_SET_PDEATHSIG", "SIGKILL", "dies with the parent", DeathSignalOption, KillSignal);
        plan.Call(SystemCall.Close, "close", "parent's end of the leash", "so that its end can be seen", status);
        plan.Macro(PlanOperation.AwaitByte, "read", "leash", "does nothing, for as long as it is held", statusChild);
        return new CompiledLaunch(plan.Build("scope seed", []), new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand, null), status);
    }
}
