namespace Sampan.Compat.Docker;

/// <summary>The whole life of a container through the docker client.</summary>
[Collection(DockerCollection.Name)]
public class LifecycleTests(DockerHost host)
{
    [Fact]
    public void Every_container_is_on_the_runtime_under_test()
    {
        host.Docker("info", "--format", "{{.DefaultRuntime}} {{(index .Runtimes \"sampan\").Path}}").ShouldSucceed()
            .ShouldBe($"{DockerHost.RuntimeName} {RuntimeUnderTest.Binary}");
        host.Detached("--name", "which", "busybox", "sleep", "1000");
        host.Inspect("which", "{{.HostConfig.Runtime}}").ShouldBe(DockerHost.RuntimeName);
        host.RuntimeKnows(host.Inspect("which", "{{.Id}}")).ShouldBeTrue();
        host.Remove("which");
    }

    [Fact]
    public void Create_start_wait_logs_and_remove()
    {
        host.Docker("create", "--name", "steps", "busybox", "sh", "-c", "echo first; echo second >&2; exit 3").ShouldSucceed();
        host.Inspect("steps", "{{.State.Status}}").ShouldBe("created");
        host.Docker("start", "steps").ShouldSucceed();
        host.Docker("wait", "steps").ShouldSucceed().ShouldBe("3");
        host.Inspect("steps", "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}").ShouldBe("exited 3 false");
        var logs = host.Docker("logs", "steps");
        logs.ShouldSucceed().ShouldBe("first");
        logs.Error.Trim().ShouldBe("second");
        host.Remove("steps");
    }

    [Fact]
    public void Attach_brings_input_and_output()
    {
        host.Docker("create", "-i", "--name", "attached", "busybox", "cat").ShouldSucceed();
        using var attached = host.Start("start", "-a", "-i", "attached");
        attached.Send("to and fro\n");
        attached.Expect("to and fro");
        using var second = host.Start("attach", "--no-stdin", "attached");
        Polling.ShouldCome(
            () =>
            {
                attached.Send("both\n");
                return second.Output.Contains("both", StringComparison.Ordinal);
            },
            "a second client sees the output");
        attached.CloseInput();
        attached.Wait().ShouldSucceed();
        second.Wait().ShouldSucceed();
        host.Remove("attached");
    }

    [Fact]
    public void Stop_asks_before_it_kills()
    {
        host.Detached("--name", "polite", "busybox", "sh", "-c", "trap 'echo bye; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        host.ShouldLog("polite", "ready");
        host.Docker("stop", "-t", "20", "polite").ShouldSucceed();
        host.Inspect("polite", "{{.State.ExitCode}}").ShouldBe("9");
        host.ShouldLog("polite", "ready\nbye");
        host.Remove("polite");

        host.Detached("--name", "deaf", "busybox", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        host.Docker("stop", "-t", "1", "deaf").ShouldSucceed();
        host.Inspect("deaf", "{{.State.ExitCode}}").ShouldBe("137");
        host.Remove("deaf");
    }

    [Fact]
    public void Kill_sends_the_signal_asked_for()
    {
        host.Detached("--name", "victim", "busybox", "sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done");
        host.ShouldLog("victim", "ready");
        host.Docker("kill", "-s", "HUP", "victim").ShouldSucceed();
        host.ShouldLog("victim", "ready\nhup");
        host.Docker("kill", "victim").ShouldSucceed();
        host.Docker("wait", "victim").ShouldSucceed().ShouldBe("137");
        host.Docker("kill", "victim").ShouldFail(1, "is not running");
        host.Remove("victim");
    }

    [Fact]
    public void A_container_starts_again_and_restarts()
    {
        host.Detached("--name", "again", "busybox", "sh", "-c", "echo started; exec sleep 1000");
        host.ShouldLog("again", "started");
        host.Docker("restart", "-t", "0", "again").ShouldSucceed();
        host.ShouldLog("again", "started\nstarted");
        host.Docker("stop", "-t", "0", "again").ShouldSucceed();
        host.Docker("start", "again").ShouldSucceed();
        host.ShouldLog("again", "started\nstarted\nstarted");
        host.Remove("again");
    }

    [Fact]
    public void A_restart_policy_starts_it_again()
    {
        host.Detached("--name", "stubborn", "--restart", "on-failure:2", "busybox", "sh", "-c", "echo try; exit 1");
        Polling.ShouldCome(() => host.Inspect("stubborn", "{{.RestartCount}} {{.State.Status}}") == "2 exited", "two more tries");
        host.ShouldLog("stubborn", "try\ntry\ntry");
        host.Remove("stubborn");
    }

    [Fact]
    public void Pause_stops_every_process_until_unpause()
    {
        host.Detached("--name", "frozen", "busybox", "sleep", "1000");
        host.Docker("pause", "frozen").ShouldSucceed();
        host.Inspect("frozen", "{{.State.Status}} {{.State.Paused}}").ShouldBe("paused true");
        host.Docker("exec", "frozen", "true").ShouldFail(1, "is paused");
        host.Docker("unpause", "frozen").ShouldSucceed();
        host.Inspect("frozen", "{{.State.Status}} {{.State.Paused}}").ShouldBe("running false");
        host.Docker("exec", "frozen", "true").ShouldSucceed();
        host.Docker("pause", "frozen").ShouldSucceed();
        host.Remove("frozen");
    }

    [Fact]
    public void Stats_and_top_see_the_containers_processes()
    {
        host.Detached("--name", "seen", "--memory", "64m", "busybox", "sh", "-c", "sleep 1000 & sleep 1001; true");
        Polling.ShouldCome(() => host.Docker("top", "seen").ShouldSucceed().Contains("sleep 1001"), "the second sleep runs");
        host.Docker("top", "seen", "-o", "pid,args").ShouldSucceed().ShouldContain("sleep 1000");
        var fields = host.Docker("stats", "--no-stream", "--format", "{{.Name}}|{{.PIDs}}|{{.MemUsage}}", "seen").ShouldSucceed().Split('|');
        fields[0].ShouldBe("seen");
        fields[1].ShouldBe("3");
        fields[2].ShouldEndWith("/ 64MiB");
        fields[2].ShouldNotStartWith("0B");
        host.Remove("seen");
    }

    [Fact]
    public void Update_changes_the_limits_of_a_running_container()
    {
        host.Detached("--name", "growing", "--memory", "64m", "--memory-swap", "64m", "busybox", "sleep", "1000");
        host.Docker("update", "--memory", "96m", "--memory-swap", "96m", "--cpus", "0.5", "--pids-limit", "50", "growing").ShouldSucceed();
        LimitTests.Inside(host, "growing", "memory/memory.limit_in_bytes", "memory.max").ShouldBe("100663296");
        LimitTests.Inside(host, "growing", "cpu/cpu.cfs_quota_us", "cpu.max").Split(' ')[0].ShouldBe("50000");
        LimitTests.Inside(host, "growing", "pids/pids.max", "pids.max").ShouldBe("50");
        host.Remove("growing");
    }

    [Fact]
    public void Files_are_copied_compared_and_committed()
    {
        host.Detached("--name", "files", "busybox", "sh", "-c", "echo inside >/made; rm /etc/group; exec sleep 1000");
        Polling.ShouldCome(() => host.Docker("diff", "files").ShouldSucceed().Contains("D /etc/group"), "the change is seen");
        host.Docker("diff", "files").ShouldSucceed().ShouldContain("A /made");
        var copy = Path.Combine(host.Folder, "copied");
        host.Docker("cp", "files:/made", copy).ShouldSucceed();
        File.ReadAllText(copy).ShouldBe("inside\n");
        host.Docker("cp", copy, "files:/root/back").ShouldSucceed();
        host.Docker("exec", "files", "cat", "/root/back").ShouldSucceed().ShouldBe("inside");
        host.Docker("commit", "files", "changed").ShouldSucceed();
        host.Docker("run", "--rm", "changed", "sh", "-c", "cat /made; test -e /etc/group || echo gone").ShouldSucceed().ShouldBe("inside\ngone");
        host.Remove("files");
        host.Docker("rmi", "changed").ShouldSucceed();
    }

    [Fact]
    public void Events_tell_what_happened()
    {
        var since = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        host.Docker("run", "--name", "told", "busybox", "sh", "-c", "exit 6").ExitCode.ShouldBe(6);
        host.Remove("told");
        var until = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        host.Docker(
                "events", "--since", since.ToString(), "--until", until.ToString(), "--filter", "container=told",
                "--format", "{{.Action}} {{index .Actor.Attributes \"exitCode\"}}").ShouldSucceed()
            .Split('\n').Select(line => line.Trim()).ShouldBe(["create", "attach", "start", "die 6", "destroy"]);
    }

    [Fact]
    public void Many_at_once()
    {
        var runs = Enumerable.Range(0, 8).Select(number => host.Start("run", "--rm", "--network", "none", "busybox", "echo", number.ToString())).ToList();
        foreach (var (number, run) in runs.Index())
        {
            run.CloseInput();
            run.Wait().ShouldSucceed().ShouldBe(number.ToString());
            run.Dispose();
        }
    }
}
