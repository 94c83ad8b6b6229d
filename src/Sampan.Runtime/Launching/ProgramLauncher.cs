using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>Starts a program of the host: hooks, what speaks to registries.</summary>
public static class ProgramLauncher
{
    private const int DeathSignalOption = 1;
    private const int KillSignal = 9;

    /// <summary>Clones, enters the namespaces asked for, executes. The caller becomes the parent and reaps.</summary>
    /// <param name="request">What to execute.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException">A step failed: <see cref="ErrorKind.CommandNotFound"/> where there is no such program.</exception>
    public static LaunchedProcess Launch(ProgramRequest request)
    {
        using var child = ProcessCloner.Start(Compile(request));
        return child.Await();
    }

    private static CompiledLaunch Compile(ProgramRequest request)
    {
        using var plan = new PlanBuilder();
        var status = plan.NewRegister();
        var statusChild = plan.NewRegister();
        plan.Macro(PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells when the program runs", status.Index, statusChild.Index);
        var entrance = request.InitPidFd is { } init ? new NamespaceEntrance(plan, init, request.Namespaces) : null;
        plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "the program");
        plan.EnterContainer();
        plan.Macro(PlanOperation.ResetSignals, "rt_sigaction", "all signals", "default dispositions");
        if (request.DiesWithParent)
        {
            plan.Call(SystemCall.Prctl, "prctl PR_SET_PDEATHSIG", "SIGKILL", "dies with the parent", DeathSignalOption, KillSignal);
        }

        if (entrance is not null)
        {
            entrance.Enter();
            if (entrance.HasUser)
            {
                plan.Call(SystemCall.Setresgid, "setresgid", "0", "root of the user namespace", 0, 0, 0);
                plan.Call(SystemCall.Setresuid, "setresuid", "0", "root of the user namespace", 0, 0, 0);
            }
        }

        var streams = (ReadOnlySpan<int>)[request.Stdin.Number, request.Stdout.Number, request.Stderr.Number];
        for (var i = 0; i < streams.Length; i++)
        {
            plan.Call(SystemCall.Dup3, "dup3", $"stream {i}", "standard stream", streams[i], i, 0);
        }

        plan.Call(SystemCall.CloseRange, "close_range", "3 and above", "nothing else is handed over", 3, int.MaxValue, 4);
        var none = AllocateZero(plan);
        plan.Call(SystemCall.RtSigprocmask, "rt_sigprocmask", "none", "signals were blocked since the clone", 2, none, 0, 8);
        plan.Macro(
            PlanOperation.Execute, "execve", request.Path, "the program takes over",
            plan.Arena.TextArray([request.Path]), plan.Arena.TextArray(request.Arguments), plan.Arena.TextArray(request.Environment));
        return new CompiledLaunch(
            plan.Build(request.Path, [request.Path]), new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand, null), status)
        {
            BornInPidNamespace = entrance?.MovesParent ?? false,
        };
    }

    private static unsafe nint AllocateZero(PlanBuilder plan) => (nint)plan.Arena.Allocate(8);
}
