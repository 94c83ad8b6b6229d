using Sampan.EndToEnd.Runtime.Malformed;

namespace Sampan.EndToEnd.Runtime.Kills;

/// <summary>The cloned child dies at every step of its half of the plan, alone or with the runtime: the runtime tells it in one line and leaves nothing.</summary>
public sealed class KilledChildTests(KilledRuntime runtime) : IClassFixture<KilledRuntime>
{
    [Fact]
    public void Of_run() => runtime.AtEveryStep(
        null,
        result =>
        {
            // 137 with an error: the runtime died too; without: the command did, after it had been executed.
            if (result.ExitCode != 137)
            {
                HostileBundle.OneError(result, "run");
                runtime.Host.LeftOf(runtime.Id).ShouldBeEmpty();
            }

            (runtime.Status() ?? "stopped").ShouldBe("stopped");
        },
        true, KilledRuntime.ChildCalls, "run", "--bundle", runtime.Brief, runtime.Id).ShouldBeGreaterThan(100);

    [Theory]
    [InlineData(true, 65)]
    [InlineData(false, 60)]
    public void Of_run_with_the_runtime(bool followed, int least) => runtime.AtEveryStep(
        null, _ => (runtime.Status() ?? "stopped").ShouldBe("stopped"), true, KilledRuntime.MeetingCalls,
        ["run", .. runtime.Following(followed), "--bundle", runtime.Brief, runtime.Id]).ShouldBeGreaterThan(least);

    [Fact]
    public void Of_exec() => runtime.AtEveryStep(
        runtime.Start,
        result =>
        {
            if (result.ExitCode != 137)
            {
                HostileBundle.OneError(result, "exec", 255);
            }

            runtime.Status().ShouldBe("running");
        },
        true, KilledRuntime.ChildCalls, "exec", runtime.Id, "true").ShouldBeGreaterThan(12);

    [Fact]
    public void At_the_gate()
    {
        runtime.Create();
        var pid = int.Parse(runtime.Host.Detached("ps", "--format", "json", runtime.Id).Text.Trim('[', ']'));
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => !Processes.IsAlive(pid), "it dies");
        runtime.Status().ShouldBe("stopped");
        HostileBundle.OneError(runtime.Host.Detached("start", runtime.Id), "").ShouldContain("cannot start a container that has stopped");
        runtime.Host.Detached("delete", runtime.Id).ShouldSucceed();
        runtime.Host.LeftOf(runtime.Id).ShouldBeEmpty();
    }
}
