using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>The health checks of a container from one start to its end, by turns of the monitor's loop.</summary>
/// <param name="check">The check.</param>
/// <param name="probe">Who runs it.</param>
/// <param name="report">Told what is known after a result, and whether the status is another.</param>
/// <param name="began">Told of a check's process: its id and command.</param>
/// <param name="ended">Told of its end: its id and exit code.</param>
internal sealed class HealthWatch(
    HealthCheck check,
    HealthProbe probe,
    Action<ContainerHealth, bool> report,
    Action<string, IReadOnlyList<string>> began,
    Action<string, int> ended)
{
    private readonly HealthTracker _tracker = new(check);
    private readonly IReadOnlyList<string> _command = check.Command();
    private long _nextAt = long.MaxValue;
    private long _timeoutAt = long.MaxValue;
    private bool _runs;

    /// <summary>When <see cref="OnDue"/> is to be called, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long NextDue => probe.Busy ? _timeoutAt : _nextAt;

    /// <summary>A check's process has yet to be reaped.</summary>
    public bool Busy => probe.Busy;

    /// <summary>The container has started.</summary>
    public void Begin()
    {
        _runs = true;
        _tracker.Begin(DateTimeOffset.UtcNow);
        Schedule();
        report(_tracker.Health, false);
    }

    /// <summary>The container goes on, and another monitor has checked it so far.</summary>
    /// <param name="known">What that one knew.</param>
    /// <param name="startedAt">When the container was started.</param>
    public void TakeOver(ContainerHealth known, DateTimeOffset startedAt)
    {
        _runs = true;
        _tracker.TakeOver(known, startedAt);
        Schedule();
    }

    /// <summary>The container has ended.</summary>
    public void End()
    {
        _runs = false;
        _nextAt = long.MaxValue;
        probe.Abandon();
        _tracker.End();
        report(_tracker.Health, false);
    }

    /// <summary>The container stands still: a check would hang.</summary>
    public void Suspend()
    {
        _nextAt = long.MaxValue;
        _timeoutAt = long.MaxValue;
        probe.Abandon();
    }

    /// <summary>It goes on.</summary>
    public void Resume()
    {
        if (_runs)
        {
            Schedule();
        }
    }

    /// <summary>Does what is due.</summary>
    public void OnDue()
    {
        var now = Environment.TickCount64;
        if (probe.Busy)
        {
            if (now >= _timeoutAt)
            {
                _timeoutAt = long.MaxValue;
                probe.TimeOut(_tracker.Timeout);
            }
        }
        else if (now >= _nextAt)
        {
            _nextAt = long.MaxValue;
            if (probe.Start(_command, OnResult) is { } failed)
            {
                Take(failed);
                return;
            }

            _timeoutAt = now + _tracker.Timeout;
            began(probe.ExecutionId, _command);
        }
    }

    private void OnResult(HealthResult result)
    {
        _timeoutAt = long.MaxValue;
        ended(probe.ExecutionId, result.ExitCode);
        Take(result);
    }

    private void Take(HealthResult result)
    {
        var changed = _tracker.Take(result);
        Schedule();
        report(_tracker.Health, changed);
    }

    private void Schedule() => _nextAt = Environment.TickCount64 + _tracker.Interval(DateTimeOffset.UtcNow);
}
