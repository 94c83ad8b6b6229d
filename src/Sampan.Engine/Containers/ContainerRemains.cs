using Sampan.Engine.Monitors;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Containers;

/// <summary>What is left of a container that is recorded as running and whose monitor is gone.</summary>
/// <param name="AreAlive">It goes on, or is between two lives in this life of the host: a new monitor can take it over.</param>
/// <param name="ExitCode">Exit code of one that has ended; null where nobody knows it.</param>
internal readonly record struct ContainerRemains(bool AreAlive, int? ExitCode)
{
    private const string EndedUnwatched = "exit code unknown: its monitor had died, and it ended before there was another";
    private const string HostWentDown = "exit code unknown: the host went down while it ran";

    /// <summary>Looks at the process. A number that was a process's before the last boot is another's by now, or nobody's.</summary>
    /// <param name="container">Which.</param>
    /// <param name="state">What is recorded; it says running.</param>
    public static ContainerRemains Of(Container container, ContainerState state)
    {
        if (!IsOfThisBoot(state))
        {
            return default;
        }

        if (state.Restarting)
        {
            return new(AreAlive: !IsStopped(container, state), state.ExitCode);
        }

        using var process = ForeignProcess.TryOpen(state.Pid, state.PidStartTime);
        return process is null ? default
            : ForeignProcess.HasEnded(process) ? new(AreAlive: false, ForeignProcess.TryExitCode(process, state.Pid, state.PidStartTime))
            : new(AreAlive: true, ExitCode: null);
    }

    /// <summary>Whether a command wanted it to end.</summary>
    public static bool IsStopped(Container container, ContainerState state) =>
        state.StoppedByCommand || StopPromise.TryRead(container.RunDirectory) is { Restart: false };

    /// <summary>The state of one that has ended, unwatched.</summary>
    /// <param name="container">Which.</param>
    /// <param name="state">What is recorded; it says running.</param>
    public static ContainerState Ended(Container container, ContainerState state)
    {
        var ended = state with
        {
            Status = ContainerStatus.Exited,
            Pid = 0,
            PidStartTime = 0,
            StdinPipe = 0,
            StdoutPipe = 0,
            StderrPipe = 0,
            SocketNumber = 0,
            StoppedByCommand = IsStopped(container, state),
            Health = state.Health.Length > 0 ? HealthStatus.Unhealthy : "",
        };
        if (state.Restarting)
        {
            return ended;
        }

        return Of(container, state).ExitCode is { } known
            ? ended with { ExitCode = known, FinishedAt = DateTimeOffset.UtcNow }
            : ended with { ExitCode = ContainerState.UnknownExit, Error = IsOfThisBoot(state) ? EndedUnwatched : HostWentDown, FinishedAt = DateTimeOffset.UtcNow };
    }

    /// <summary>Whether the host has not gone down since.</summary>
    public static bool IsOfThisBoot(ContainerState state) => state.BootId.Length > 0 && state.BootId == HostBoot.Id;
}
