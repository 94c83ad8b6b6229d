using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>Health checks: their states, results, limits, and what is done with the unhealthy.</summary>
public sealed class HealthTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void States_and_results_are_dockers()
    {
        var id = host.Detached("--health-cmd", "echo looked; test -e /fine", "--health-interval", "100ms", "--health-retries", "2", "busybox", "sleep", "1000");
        host.Sampan("ps", "--format", "{{.Status}}", "-f", "id=" + id).ShouldSucceed().ShouldMatch(@" \((health: starting|unhealthy)\)$");
        Patience.ShouldCome(() => Health(id).GetProperty("Status").GetString() == "unhealthy", "it fails twice");
        host.Sampan("ps", "--format", "{{.Status}}", "-f", "id=" + id).ShouldSucceed().ShouldEndWith(" (unhealthy)");
        Health(id).GetProperty("FailingStreak").GetInt32().ShouldBeGreaterThanOrEqualTo(2);
        host.Sampan("exec", id, "touch", "/fine").ShouldSucceed();
        Patience.ShouldCome(() => Health(id).GetProperty("Status").GetString() == "healthy", "it succeeds");
        host.Sampan("ps", "--format", "{{.Status}}", "-f", "id=" + id).ShouldSucceed().ShouldEndWith(" (healthy)");
        Patience.ShouldCome(() => Health(id).GetProperty("Log").GetArrayLength() == 5 && Log(id).All(result => result.GetProperty("ExitCode").GetInt32() == 0), "five results, all good");
        Health(id).GetProperty("FailingStreak").GetInt32().ShouldBe(0);
        Log(id)[0].GetProperty("Output").GetString().ShouldBe("looked\n");
        Log(id)[0].GetProperty("Start").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(Log(id)[0].GetProperty("End").GetDateTimeOffset());
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + id, "--filter", "event=health_status", "--format", "{{.Action}}")
            .ShouldSucceed().ShouldBe("health_status: unhealthy\nhealth_status: healthy");
        host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        Health(id).GetProperty("Status").GetString().ShouldBe("unhealthy", "docker's word for one that does not run");
    }

    [Fact]
    public void What_takes_too_long_is_killed_with_its_children_and_leaves_no_zombie()
    {
        var id = host.Detached("--health-cmd", "echo began; sleep 5432 & sleep 5432", "--health-interval", "50ms", "--health-timeout", "150ms", "busybox", "sleep", "1000");
        Patience.ShouldCome(() => Health(id).GetProperty("Log").GetArrayLength() == 5, "five are killed");
        foreach (var result in Log(id))
        {
            result.GetProperty("ExitCode").GetInt32().ShouldBe(-1);
            result.GetProperty("Output").GetString().ShouldBe("Health check exceeded timeout (150ms): began\n");
        }

        var monitor = MonitorOf(id);
        Patience.ShouldCome(() => ChildrenOf(monitor) <= 2, "the monitor's children are the container and at most one check");
        Processes.Where("sleep 5432").Count(pid => !Processes.CommandLine(pid).Contains("sh") && !Processes.CommandLine(pid).Contains("sampan")).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Output_is_bounded()
    {
        var id = host.Detached("--health-cmd", "yes 0123456789 | head -c 100000", "--health-interval", "100ms", "busybox", "sleep", "1000");
        Patience.ShouldCome(() => Health(id).GetProperty("Log").GetArrayLength() > 0, "one ran");
        Log(id)[0].GetProperty("Output").GetString()!.Length.ShouldBe(4096 + 3);
    }

    [Fact]
    public void Failures_of_the_start_period_do_not_count()
    {
        var id = host.Detached(
            "--health-cmd", "false", "--health-interval", "1h", "--health-start-interval", "50ms", "--health-start-period", "1h", "--health-retries", "1", "busybox", "sleep", "1000");
        Patience.ShouldCome(() => Health(id).GetProperty("Log").GetArrayLength() == 5, "it is looked at often");
        Health(id).GetProperty("Status").GetString().ShouldBe("starting");
        Health(id).GetProperty("FailingStreak").GetInt32().ShouldBe(0);
    }

    [Fact]
    public void The_images_check_is_used_changed_and_turned_off()
    {
        var source = host.Sampan("create", "busybox").ShouldSucceed();
        host.Sampan("commit", "--change", "HEALTHCHECK --interval=100ms --retries=7 CMD test -e /never", source, "checked").ShouldSucceed();
        var id = host.Detached("--health-retries", "1", "checked", "sleep", "1000");
        var check = host.Inspect(id).GetProperty("Config").GetProperty("Healthcheck");
        check.GetProperty("Interval").GetInt64().ShouldBe(100_000_000);
        check.GetProperty("Retries").GetInt32().ShouldBe(1);
        Patience.ShouldCome(() => Health(id).GetProperty("Status").GetString() == "unhealthy", "one failure is enough");

        var none = host.Detached("--no-healthcheck", "checked", "sleep", "1000");
        host.Inspect(none).GetProperty("State").TryGetProperty("Health", out _).ShouldBeFalse();
        host.Sampan("rm", "-f", id, none, source).ShouldSucceed();
        host.Sampan("rmi", "checked").ShouldSucceed();
    }

    [Fact]
    public void A_paused_container_is_not_looked_at()
    {
        var id = host.Detached("--health-cmd", "true", "--health-interval", "50ms", "busybox", "sleep", "1000");
        Patience.ShouldCome(() => Health(id).GetProperty("Status").GetString() == "healthy", "it works");
        host.Sampan("pause", id).ShouldSucceed();
        var last = Log(id)[^1].GetProperty("Start").GetString();
        host.Sampan("ps").ShouldSucceed();
        Log(id)[^1].GetProperty("Start").GetString().ShouldBe(last);
        host.Sampan("unpause", id).ShouldSucceed();
        Patience.ShouldCome(() => Log(id)[^1].GetProperty("Start").GetString() != last, "and again when it goes on");
    }

    [Fact]
    public void The_unhealthy_can_be_killed_stopped_or_restarted()
    {
        string[] check = ["--health-cmd", "test -e /fine", "--health-interval", "100ms", "--health-retries", "1"];
        var killed = host.Detached([.. check, "--health-on-failure", "kill", "busybox", "sleep", "1000"]);
        Patience.ShouldCome(() => host.Status(killed) == "exited", "it is killed");
        host.Sampan("wait", killed).ShouldSucceed().ShouldBe("137");

        var again = host.Detached([.. check, "--health-on-failure", "kill", "--restart", "always", "busybox", "sleep", "1000"]);
        Patience.ShouldCome(() => host.Inspect(again).GetProperty("RestartCount").GetInt32() > 0, "its restart policy starts it again");

        var stopped = host.Detached([.. check, "--health-on-failure", "stop", "--restart", "always", "busybox", "sh", "-c", "trap 'exit 6' TERM; while :; do sleep 0.05; done"]);
        Patience.ShouldCome(() => host.Status(stopped) == "exited", "it is stopped, and stays so");
        host.Sampan("wait", stopped).ShouldSucceed().ShouldBe("6");

        var restarted = host.Detached([.. check, "--health-on-failure", "restart", "--stop-timeout", "0", "busybox", "sh", "-c", "echo life; sleep 1000"]);
        Patience.ShouldCome(() => host.Sampan("logs", restarted).Lines.Count >= 2, "it is started again without a policy");
        host.Sampan("create", "--health-on-failure", "hope", "busybox").ShouldFailInOneLine(125, "invalid on-failure action 'hope'");
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        host.Sampan("create", "--no-healthcheck", "--health-cmd", "true", "busybox").ShouldFailInOneLine(125, "--no-healthcheck conflicts with --health-* options");
        host.Sampan("create", "--health-interval", "-1s", "busybox").ShouldFailInOneLine(125, "--health-interval cannot be negative");
        host.Sampan("create", "--health-retries", "-1", "busybox").ShouldFailInOneLine(125, "--health-retries cannot be negative");
        host.Sampan("create", "--health-timeout", "10us", "busybox").ShouldFailInOneLine(125, "Timeout in Healthcheck cannot be less than 1ms");
    }

    [Fact]
    public void Many_checks_that_fork_leave_nothing_behind()
    {
        var id = host.Detached("--health-cmd", "(sleep 0.01 &) ; (sleep 0.01 &) ; true", "--health-interval", "1ms", "--init", "busybox", "sleep", "1000");
        var monitor = MonitorOf(id);
        Patience.ShouldCome(() => Count(id, "exec_die") >= 20, "it warms up");
        var descriptors = Directory.GetFiles($"/proc/{monitor}/fd").Length;
        Patience.ShouldCome(() => Count(id, "exec_die") >= 400, "hundreds of checks run");

        // One that is being made holds a dozen for a moment.
        Patience.ShouldCome(() => Directory.GetFiles($"/proc/{monitor}/fd").Length <= descriptors + 4, "its descriptors are closed");
        Patience.ShouldCome(() => ChildrenOf(monitor) <= 2, "its processes are reaped");
    }

    private int Count(string id, string action) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + id, "--filter", "event=" + action).Lines.Count;

    // By its child: a check on its way has the monitor's command line too.
    private int MonitorOf(string id) => int.Parse(Processes.Status(host.Pid(id), "PPid"));

    private static int ChildrenOf(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private JsonElement Health(string id) => host.Inspect(id).GetProperty("State").GetProperty("Health");

    private List<JsonElement> Log(string id) => [.. Health(id).GetProperty("Log").EnumerateArray()];
}
