namespace Sampan.Compat.Podman;

/// <summary>What podman does with a container after it was started.</summary>
[Collection(PodmanCollection.Name)]
public class LifecycleTests(PodmanHost host)
{
    [Fact]
    public void Create_start_wait_logs_and_remove()
    {
        var id = host.Podman("create", "--name", "steps", "busybox", "sh", "-c", "echo first; echo second >&2; exit 3").ShouldSucceed();
        host.Inspect(id, "{{.State.Status}}").ShouldBe("created");
        host.Podman("start", "steps").ShouldSucceed();
        host.Podman("wait", "steps").ShouldSucceed().ShouldBe("3");
        host.Inspect("steps", "{{.State.Status}} {{.State.ExitCode}}").ShouldBe("exited 3");
        var logs = host.Podman("logs", "steps");
        logs.ShouldSucceed().ShouldBe("first");
        logs.Error.Trim().ShouldBe("second");
        host.Remove("steps");
    }

    [Fact]
    public void A_container_starts_again_and_restarts()
    {
        host.Detached("--name", "again", "busybox", "sh", "-c", "echo started; exec sleep 1000");
        var first = host.Inspect("again", "{{.State.Pid}}");
        host.Podman("stop", "-t", "0", "again").ShouldSucceed();
        host.Podman("start", "again").ShouldSucceed();
        var second = host.Inspect("again", "{{.State.Pid}}");
        second.ShouldNotBe(first);
        host.Podman("restart", "-t", "0", "again").ShouldSucceed();
        host.Inspect("again", "{{.State.Pid}}").ShouldNotBe(second);
        Polling.ShouldCome(() => host.Podman("logs", "again").ShouldSucceed() == "started\nstarted\nstarted", "three starts are logged");
        host.Remove("again");
    }

    [Fact]
    public void Stop_asks_before_it_kills()
    {
        host.Detached("--name", "polite", "busybox", "sh", "-c", "trap 'echo bye; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        Polling.ShouldCome(() => host.Podman("logs", "polite").ShouldSucceed() == "ready", "the trap is set");
        host.Podman("stop", "-t", "20", "polite").ShouldSucceed();
        host.Inspect("polite", "{{.State.ExitCode}}").ShouldBe("9");
        host.Podman("logs", "polite").ShouldSucceed().ShouldEndWith("bye");
        host.Remove("polite");

        host.Detached("--name", "deaf", "busybox", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        host.Podman("stop", "-t", "1", "deaf").ShouldSucceed();
        host.Inspect("deaf", "{{.State.ExitCode}}").ShouldBe("137");
        host.Remove("deaf");
    }

    [Fact]
    public void Kill_sends_the_signal_asked_for()
    {
        host.Detached("--name", "victim", "busybox", "sh", "-c", "trap 'echo usr1' USR1; echo ready; while :; do sleep 0.1; done");
        Polling.ShouldCome(() => host.Podman("logs", "victim").ShouldSucceed() == "ready", "the trap is set");
        host.Podman("kill", "-s", "USR1", "victim").ShouldSucceed();
        Polling.ShouldCome(() => host.Podman("logs", "victim").ShouldSucceed() == "ready\nusr1", "the signal arrives");
        host.Podman("kill", "victim").ShouldSucceed();
        host.Podman("wait", "victim").ShouldSucceed().ShouldBe("137");
        host.Podman("kill", "victim").ExitCode.ShouldNotBe(0);
        host.Remove("victim");
    }

    [Fact]
    public void Pause_stops_every_process_until_unpause()
    {
        host.Detached("--name", "frozen", "busybox", "sh", "-c", "while :; do date +%s%N >/tick; done");
        host.Podman("pause", "frozen").ShouldSucceed();
        host.Inspect("frozen", "{{.State.Status}}").ShouldBe("paused");
        host.Podman("exec", "frozen", "true").ExitCode.ShouldNotBe(0);
        host.Podman("unpause", "frozen").ShouldSucceed();
        host.Inspect("frozen", "{{.State.Status}}").ShouldBe("running");
        host.Podman("exec", "frozen", "true").ShouldSucceed();
        host.Remove("frozen");
    }

    [Fact]
    public void A_paused_container_can_be_removed()
    {
        host.Detached("--name", "stiff", "busybox", "sleep", "1000");
        host.Podman("pause", "stiff").ShouldSucceed();
        host.Remove("stiff");
    }

    [Fact]
    public void Stats_and_top_see_the_containers_processes()
    {
        host.Detached("--name", "seen", "--memory", "64m", "busybox", "sh", "-c", "sleep 1000 & sleep 1001; true");
        Polling.ShouldCome(() => host.Podman("top", "seen", "pid", "args").ShouldSucceed().Contains("sleep 1001"), "the second sleep runs");
        var top = host.Podman("top", "seen", "hpid", "pid", "args").ShouldSucceed();
        top.ShouldContain("sleep 1000");
        top.ShouldContain("sleep 1001");
        var fields = host.Podman("stats", "--no-stream", "--format", "{{.Name}}|{{.PIDs}}|{{.MemUsage}}", "seen").ShouldSucceed().Split('|');
        fields[0].ShouldBe("seen");
        fields[1].ShouldBe("3");
        fields[2].ShouldEndWith("67.11MB");
        host.Remove("seen");
    }

    [Fact]
    public void Ps_and_inspect_agree_with_the_runtime()
    {
        host.Detached("--name", "listed", "busybox", "sleep", "1000");
        host.Podman("ps", "--filter", "name=listed", "--filter", "status=running", "--format", "{{.Names}}").ShouldSucceed().ShouldBe("listed");
        var pid = int.Parse(host.Inspect("listed", "{{.State.Pid}}"));
        Processes.CommandLine(pid).Trim().ShouldBe("sleep 1000");

        // podman asks the runtime what became of a container whose process died behind its back.
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        host.Podman("wait", "listed").ShouldSucceed().ShouldBe("137");
        host.Remove("listed");
    }

    [Fact]
    public void A_failed_start_leaves_nothing()
    {
        host.Podman("create", "--name", "never", "busybox", "no-such-command").ShouldSucceed();
        host.Podman("start", "never").ShouldFail(125, "not found in $PATH");
        host.Remove("never");
    }
}
