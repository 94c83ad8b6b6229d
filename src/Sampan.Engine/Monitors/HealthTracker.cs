using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>What results of health checks come to: docker's rules (moby, daemon/health.go).</summary>
/// <param name="check">The check.</param>
internal sealed class HealthTracker(HealthCheck check)
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int DefaultMilliseconds = 30_000;
    private const int DefaultStartMilliseconds = 5_000;
    private const int DefaultRetries = 3;
    private const int MostResults = 5;
    private readonly List<HealthResult> _log = [];
    private DateTimeOffset _startedAt;
    private string _status = HealthStatus.Starting;
    private int _failingStreak;

    /// <summary>Milliseconds one check may take.</summary>
    public long Timeout { get; } = Milliseconds(check.Timeout, DefaultMilliseconds);

    /// <summary>What is known now.</summary>
    public ContainerHealth Health => new() { Status = _status, FailingStreak = _failingStreak, Log = [.. _log] };

    /// <summary>The container has started; earlier results stay to be seen.</summary>
    public void Begin(DateTimeOffset now)
    {
        _startedAt = now;
        _status = HealthStatus.Starting;
        _failingStreak = 0;
    }

    /// <summary>Goes on where another was.</summary>
    /// <param name="known">What that one knew.</param>
    /// <param name="startedAt">When the container was started.</param>
    public void TakeOver(ContainerHealth known, DateTimeOffset startedAt)
    {
        _log.AddRange(known.Log);
        _startedAt = startedAt;
        _status = known.Status;
        _failingStreak = known.FailingStreak;
    }

    /// <summary>The container has ended.</summary>
    public void End() => _status = HealthStatus.Unhealthy;

    /// <summary>Milliseconds until the next check.</summary>
    public long Interval(DateTimeOffset now) => _status == HealthStatus.Starting && now - _startedAt < StartPeriod
        ? Milliseconds(check.StartInterval, DefaultStartMilliseconds)
        : Milliseconds(check.Interval, DefaultMilliseconds);

    /// <summary>Takes a result.</summary>
    /// <returns>Whether the status is another now.</returns>
    public bool Take(HealthResult result)
    {
        if (_log.Count == MostResults)
        {
            _log.RemoveAt(0);
        }

        _log.Add(result);
        var before = _status;
        if (result.ExitCode == 0)
        {
            _failingStreak = 0;
            _status = HealthStatus.Healthy;
        }
        else if (_status != HealthStatus.Starting || result.Start - _startedAt >= StartPeriod)
        {
            _failingStreak++;
            if (_failingStreak >= (check.Retries > 0 ? check.Retries : DefaultRetries))
            {
                _status = HealthStatus.Unhealthy;
            }
        }

        return _status != before;
    }

    private TimeSpan StartPeriod { get; } = TimeSpan.FromMilliseconds(check.StartPeriod / NanosecondsPerMillisecond);

    private static long Milliseconds(long nanoseconds, int otherwise) => nanoseconds == 0 ? otherwise : Math.Max(1, nanoseconds / NanosecondsPerMillisecond);
}
