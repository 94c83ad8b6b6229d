using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>When a container that ended is started again: docker's times (moby, restartmanager).</summary>
internal sealed class RestartBackoff
{
    private const long First = 100;
    private const long Longest = 60_000;

    // Who lived so long had a good start: the next wait is the first again.
    private const long Settled = 10_000;
    private long _delay;

    /// <summary>Starts by the policy since a command started it.</summary>
    public int Count { get; private set; }

    /// <summary>Milliseconds of the last wait; 0 before the first.</summary>
    public long Delay => _delay;

    /// <summary>Goes on where another monitor was.</summary>
    /// <param name="count">Its <see cref="Count"/>.</param>
    /// <param name="delay">Its <see cref="Delay"/>.</param>
    public void Resume(int count, long delay)
    {
        Count = count;
        _delay = delay;
    }

    /// <summary>Decides after an end.</summary>
    /// <param name="policy">The container's policy.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="stopped">A command wanted it to end.</param>
    /// <param name="lived">Milliseconds it ran.</param>
    /// <returns>Milliseconds until the start; null where there is to be none.</returns>
    public long? Next(RestartPolicy policy, int exitCode, bool stopped, long lived)
    {
        if (!policy.Wants(new ContainerState { ExitCode = exitCode, StoppedByCommand = stopped, RestartCount = Count }, boot: false))
        {
            return null;
        }

        _delay = _delay == 0 || lived >= Settled ? First : Math.Min(_delay * 2, Longest);
        Count++;
        return _delay;
    }

    /// <summary>A command starts it: counts and waits begin anew.</summary>
    public void Reset()
    {
        Count = 0;
        _delay = 0;
    }
}
