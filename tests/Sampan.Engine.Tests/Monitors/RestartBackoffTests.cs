using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;

namespace Sampan.Engine.Tests.Monitors;

public sealed class RestartBackoffTests
{
    private static readonly RestartPolicy Always = new() { Name = "always" };

    [Fact]
    public void Doubles_to_a_minute_and_stays_there()
    {
        var backoff = new RestartBackoff();
        var waits = Enumerable.Range(0, 12).Select(_ => backoff.Next(Always, 1, stopped: false, lived: 5)).ToArray();
        waits.ShouldBe([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]);
        backoff.Count.ShouldBe(12);
    }

    [Fact]
    public void Begins_anew_after_ten_seconds_of_life_and_after_a_command()
    {
        var backoff = new RestartBackoff();
        backoff.Next(Always, 1, stopped: false, lived: 0).ShouldBe(100);
        backoff.Next(Always, 1, stopped: false, lived: 9_999).ShouldBe(200);
        backoff.Next(Always, 1, stopped: false, lived: 10_000).ShouldBe(100);
        backoff.Count.ShouldBe(3);
        backoff.Reset();
        backoff.Count.ShouldBe(0);
        backoff.Next(Always, 1, stopped: false, lived: 0).ShouldBe(100);
    }

    [Theory]
    [InlineData("no", 1, false, false)]
    [InlineData("", 1, false, false)]
    [InlineData("always", 0, false, true)]
    [InlineData("always", 0, true, false)]
    [InlineData("unless-stopped", 0, false, true)]
    [InlineData("unless-stopped", 1, true, false)]
    [InlineData("on-failure", 0, false, false)]
    [InlineData("on-failure", 1, false, true)]
    [InlineData("on-failure", 1, true, false)]
    public void Follows_the_policy(string name, int exitCode, bool stopped, bool again) =>
        new RestartBackoff().Next(new RestartPolicy { Name = name }, exitCode, stopped, 0).HasValue.ShouldBe(again);

    [Fact]
    public void On_failure_gives_up_after_its_retries()
    {
        var policy = new RestartPolicy { Name = "on-failure", MaximumRetryCount = 2 };
        var backoff = new RestartBackoff();
        backoff.Next(policy, 1, stopped: false, lived: 0).ShouldNotBeNull();
        backoff.Next(policy, 1, stopped: false, lived: 0).ShouldNotBeNull();
        backoff.Next(policy, 1, stopped: false, lived: 0).ShouldBeNull();
    }

    [Theory]
    [InlineData("always", 0, true, true)]
    [InlineData("unless-stopped", 0, true, false)]
    [InlineData("unless-stopped", 0, false, true)]
    [InlineData("on-failure", 137, false, true)]
    [InlineData("on-failure", 137, true, false)]
    [InlineData("on-failure", 0, false, false)]
    [InlineData("no", 137, false, false)]
    public void A_boot_has_rules_of_its_own(string name, int exitCode, bool stopped, bool again) =>
        new RestartPolicy { Name = name }.Wants(new ContainerState { ExitCode = exitCode, StoppedByCommand = stopped }, boot: true).ShouldBe(again);
}
