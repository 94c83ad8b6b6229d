using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Monitors;

namespace Sampan.Engine.Tests.Monitors;

public sealed class HealthTrackerTests
{
    private const long Second = 1_000_000_000;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Three_failures_in_a_row_are_unhealthy_and_one_success_is_healthy()
    {
        var tracker = Begin(new HealthCheck());
        tracker.Take(Result(1)).ShouldBeFalse();
        tracker.Take(Result(1)).ShouldBeFalse();
        tracker.Take(Result(0)).ShouldBeTrue();
        tracker.Health.Status.ShouldBe("healthy");
        tracker.Take(Result(1)).ShouldBeFalse();
        tracker.Take(Result(-1)).ShouldBeFalse();
        tracker.Take(Result(2)).ShouldBeTrue();
        tracker.Health.Status.ShouldBe("unhealthy");
        tracker.Health.FailingStreak.ShouldBe(3);
        tracker.Take(Result(1)).ShouldBeFalse();
        tracker.Health.FailingStreak.ShouldBe(4);
        tracker.Take(Result(0)).ShouldBeTrue();
        tracker.Health.FailingStreak.ShouldBe(0);
    }

    [Fact]
    public void Five_results_are_kept()
    {
        var tracker = Begin(new HealthCheck());
        for (var number = 0; number < 8; number++)
        {
            tracker.Take(Result(number));
        }

        tracker.Health.Log.Select(result => result.ExitCode).ShouldBe([3, 4, 5, 6, 7]);
    }

    [Fact]
    public void Failures_in_the_start_period_do_not_count_until_a_success()
    {
        var tracker = Begin(new HealthCheck { StartPeriod = 10 * Second, Retries = 1 });
        tracker.Take(Result(1, 3)).ShouldBeFalse();
        tracker.Health.FailingStreak.ShouldBe(0);
        tracker.Take(Result(0, 4)).ShouldBeTrue();
        tracker.Take(Result(1, 5)).ShouldBeTrue("it had been healthy");
        tracker.Begin(Start);
        tracker.Take(Result(1, 10)).ShouldBeTrue("the period is over");
        tracker.Health.Status.ShouldBe("unhealthy");
    }

    [Fact]
    public void Intervals_have_dockers_defaults()
    {
        var plain = Begin(new HealthCheck());
        plain.Interval(Start).ShouldBe(30_000);
        plain.Timeout.ShouldBe(30_000);
        var tracker = Begin(new HealthCheck { Interval = 2 * Second, StartPeriod = 10 * Second, Timeout = Second / 2 });
        tracker.Timeout.ShouldBe(500);
        tracker.Interval(Start.AddSeconds(9)).ShouldBe(5_000);
        tracker.Interval(Start.AddSeconds(10)).ShouldBe(2_000);
        tracker.Take(Result(0, 3));
        tracker.Interval(Start.AddSeconds(4)).ShouldBe(2_000, "it has started");
        Begin(new HealthCheck { StartPeriod = 10 * Second, StartInterval = Second }).Interval(Start).ShouldBe(1_000);
    }

    [Fact]
    public void Output_is_cut_and_need_not_be_text()
    {
        using var output = new ProbeOutput();
        output.Append(LogStream.Stdout, new byte[4000]);
        output.Append(LogStream.Stderr, new byte[96]);
        output.Text.Length.ShouldBe(4096);
        output.Append(LogStream.Stdout, [0xff]);
        output.Text.ShouldEndWith("...");
        using var other = new ProbeOutput();
        other.Append(LogStream.Stdout, [0xff, (byte)'a']);
        other.Text.ShouldBe("\ufffda");
    }

    private static HealthTracker Begin(HealthCheck check)
    {
        var tracker = new HealthTracker(check);
        tracker.Begin(Start);
        return tracker;
    }

    private static HealthResult Result(int exitCode, int second = 0) => new() { Start = Start.AddSeconds(second), ExitCode = exitCode };
}
