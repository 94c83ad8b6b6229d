using System.Diagnostics;
using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>create, start, stop, kill, restart, wait, rm, ps, inspect.</summary>
public sealed class LifecycleTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_created_container_starts_later_and_again()
    {
        var id = host.Sampan("create", "--name", "later", "busybox", "sh", "-c", "echo run >> /runs; wc -l < /runs").ShouldSucceed();
        host.Status(id).ShouldBe("created");
        host.Sampan("start", "-a", "later").ShouldSucceed().ShouldBe("1");
        host.Sampan("start", "-a", "later").ShouldSucceed().ShouldBe("2", "the container's files live until it is removed");
        host.Sampan("rm", "later").ShouldSucceed();
    }

    [Fact]
    public void Start_of_a_running_container_is_no_error()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var pid = host.Pid(id);
        host.Sampan("start", id).ShouldSucceed().ShouldBe(id);
        host.Pid(id).ShouldBe(pid);
    }

    [Fact]
    public void Stop_sends_the_stop_signal_and_then_kills()
    {
        var polite = host.Detached("--stop-signal", "USR1", "busybox", "sh", "-c", "trap 'exit 3' USR1; echo ready; while :; do sleep 0.1; done");
        Patience.ShouldCome(() => host.Sampan("logs", polite).Output.Contains("ready"), "the trap is set");
        host.Sampan("stop", polite).ShouldSucceed().ShouldBe(polite);
        host.Sampan("wait", polite).ShouldSucceed().ShouldBe("3");

        var deaf = host.Detached("busybox", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        var watch = Stopwatch.StartNew();
        host.Sampan("stop", "-t", "1", deaf).ShouldSucceed();
        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        host.Sampan("wait", deaf).ShouldSucceed().ShouldBe("137");

        var hurried = host.Detached("--stop-timeout", "0", "busybox", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
        watch.Restart();
        host.Sampan("stop", hurried).ShouldSucceed();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Stopping_what_has_stopped_is_no_error()
    {
        var id = host.Sampan("run", "-d", "busybox", "true").ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("0");
        host.Sampan("stop", id).ShouldSucceed().ShouldBe(id);
    }

    [Fact]
    public void Kill_sends_any_signal_and_refuses_the_stopped()
    {
        var id = host.Detached("busybox", "sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done");
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("ready"), "the trap is set");
        host.Sampan("kill", "--signal", "HUP", id).ShouldSucceed().ShouldBe(id);
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("hup"), "the signal arrives");
        host.Sampan("kill", "-s", "9", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("137");
        host.Sampan("kill", id).ShouldFail(1, "is not running");
        host.Sampan("kill", "-s", "NOSUCH", id).ShouldFail(1, "NOSUCH");
    }

    [Fact]
    public void Kill_ends_every_process_of_the_container()
    {
        var id = host.Detached("busybox", "sh", "-c", "sleep 4321 & setsid sleep 4321 & sleep 4321");
        Patience.ShouldCome(() => Processes.Where("sleep 4321").Count() >= 3, "the children are there");
        host.Sampan("kill", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed();
        Processes.Where("sleep 4321").Where(pid => !Processes.CommandLine(pid).Contains("sampan")).ShouldBeEmpty();
    }

    [Fact]
    public void Restart_makes_a_new_process_in_the_same_container()
    {
        var id = host.Detached("busybox", "sh", "-c", "echo start >> /starts; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "cat", "/starts").Output == "start\n", "it has started");
        var pid = host.Pid(id);
        host.Sampan("restart", "-t", "0", id).ShouldSucceed().ShouldBe(id);
        host.Pid(id).ShouldNotBe(pid);
        Patience.ShouldCome(() => host.Sampan("exec", id, "cat", "/starts").Output == "start\nstart\n", "the files are kept");
    }

    [Fact]
    public void Rm_refuses_the_running_unless_forced()
    {
        var id = host.Detached("--name", "busy", "busybox", "sleep", "1000");
        host.Sampan("rm", "busy").ShouldFailInOneLine(1, "busy", "container is running");
        host.Sampan("rm", "-f", "busy").ShouldSucceed().ShouldBe("busy");
        Directory.Exists(Path.Combine(host.Root, "containers", id)).ShouldBeFalse();
        host.Sampan("rm", "-f", "busy").ExitCode.ShouldBeOneOf(0, 1);
    }

    [Fact]
    public void Several_are_handled_and_the_missing_told()
    {
        var one = host.Sampan("create", "busybox").ShouldSucceed();
        var two = host.Sampan("create", "busybox").ShouldSucceed();
        var result = host.Sampan("rm", one, "missing", two);
        result.ExitCode.ShouldBe(1);
        result.Lines.ShouldBe([one, two]);
        result.Error.ShouldContain("missing");
    }

    [Fact]
    public void A_container_run_with_rm_is_gone_when_the_command_returns()
    {
        host.Sampan("run", "--rm", "--name", "brief", "busybox", "true").ShouldSucceed();
        host.Sampan("ps", "-a").ShouldSucceed().ShouldNotContain("brief");
        host.Sampan("run", "--rm", "--name", "brief", "busybox", "true").ShouldSucceed();
        var id = host.Detached("--rm", "busybox", "true");
        Patience.ShouldCome(() => !Directory.Exists(Path.Combine(host.Root, "containers", id)), "its monitor removes it");
    }

    [Fact]
    public void Names_are_unique_and_checked()
    {
        host.Sampan("create", "--name", "taken", "busybox").ShouldSucceed();
        host.Sampan("create", "--name", "taken", "busybox").ShouldFailInOneLine(1, "/taken", "already in use");
        host.Sampan("run", "--name", "taken", "busybox").ShouldFailInOneLine(125, "/taken", "already in use");
        host.Sampan("create", "--name", "no spaces", "busybox").ShouldFailInOneLine(1, "no spaces");
        host.Sampan("create", "--name", "../x", "busybox").ShouldFailInOneLine(1, "../x");
        host.Sampan("create", "busybox").ShouldSucceed();
        host.Sampan("ps", "-a", "--format", "{{.Names}}").ShouldSucceed().Split('\n').ShouldAllBe(name => name.Length > 0);
    }

    [Fact]
    public void A_container_is_found_by_a_prefix_of_its_id()
    {
        var id = host.Sampan("create", "busybox").ShouldSucceed();
        host.Inspect(id[..12]).GetProperty("Id").GetString().ShouldBe(id);
        host.Sampan("rm", id[..10]).ShouldSucceed();
    }

    [Fact]
    public void Ps_has_dockers_columns_and_filters()
    {
        var id = host.Detached("--name", "listed", "-l", "group=a", "busybox", "sleep", "1000");
        var lines = host.Sampan("ps").ShouldSucceed().Split('\n');
        lines[0].ShouldMatch("^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$");
        lines.Single(line => line.Contains("listed")).ShouldMatch($"^{id[..12]} +busybox +\"sleep 1000\" +.*ago +Up .* listed$");
        host.Sampan("ps", "-q", "--no-trunc", "--filter", "name=listed").ShouldSucceed().ShouldBe(id);
        host.Sampan("ps", "-aq", "--filter", "label=group=a").ShouldSucceed().ShouldBe(id[..12]);
        host.Sampan("ps", "-aq", "--filter", "status=paused").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("ps", "--format", "{{.ID}} {{.Image}} {{.Names}}", "-f", "id=" + id).ShouldSucceed().ShouldBe($"{id[..12]} busybox listed");
        host.Sampan("stop", "-t", "0", "listed").ShouldSucceed();
        host.Sampan("ps", "-a", "--format", "{{.Status}}", "-f", "name=listed").ShouldSucceed().ShouldMatch(@"^Exited \(137\) .*ago$");
    }

    [Fact]
    public void Inspect_has_dockers_shape()
    {
        var id = host.Detached("--name", "looked-at", "-m", "64m", "-e", "A=1", "-v", "/data", "busybox", "sleep", "1000");
        var container = host.Inspect("looked-at");
        container.GetProperty("Id").GetString().ShouldBe(id);
        container.GetProperty("Name").GetString().ShouldBe("/looked-at");
        container.GetProperty("Path").GetString().ShouldBe("sleep");
        container.GetProperty("Image").GetString()!.ShouldStartWith("sha256:");
        container.GetProperty("State").GetProperty("Running").GetBoolean().ShouldBeTrue();
        container.GetProperty("HostConfig").GetProperty("Memory").GetInt64().ShouldBe(64 * 1024 * 1024);
        container.GetProperty("Config").GetProperty("Env").EnumerateArray().Select(value => value.GetString()).ShouldContain("A=1");
        container.GetProperty("Mounts").EnumerateArray().Single().GetProperty("Destination").GetString().ShouldBe("/data");
        container.TryGetProperty("NetworkSettings", out _).ShouldBeTrue();
        DateTimeOffset.Parse(container.GetProperty("Created").GetString()!).ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        host.Sampan("inspect", "-f", "{{.State.Status}} {{json .Config.Cmd}}", "looked-at").ShouldSucceed().ShouldBe("running [\"sleep\",\"1000\"]");

        var missing = host.Sampan("inspect", "looked-at", "nobody");
        missing.ExitCode.ShouldBe(1);
        missing.Error.ShouldContain("nobody");
        using var printed = JsonDocument.Parse(missing.Output);
        printed.RootElement.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void Wait_answers_when_the_container_ends()
    {
        var id = host.Detached("busybox", "sh", "-c", "read line < /gate 2>/dev/null || sleep 0.5; exit 6");
        using var waiting = host.Start("wait", id);
        waiting.Wait().ShouldSucceed().ShouldBe("6");
    }
}
