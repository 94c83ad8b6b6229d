namespace Sampan.EndToEnd.Containers;

/// <summary>--restart: what the monitor does when the command ends, and what a boot does.</summary>
public sealed class RestartPolicyTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void On_failure_starts_again_as_often_as_allowed_and_the_log_goes_on()
    {
        var id = host.Detached("--restart", "on-failure:2", "busybox", "sh", "-c", "echo life; exit 7");
        host.Sampan("logs", "-f", id).ShouldSucceed().ShouldBe("life\nlife\nlife", "following goes on from one life to the next");
        Patience.ShouldCome(() => host.Status(id) == "exited", "it gives up");
        var container = host.Inspect(id);
        container.GetProperty("RestartCount").GetInt32().ShouldBe(2);
        container.GetProperty("State").GetProperty("ExitCode").GetInt32().ShouldBe(7);
        container.GetProperty("HostConfig").GetProperty("RestartPolicy").GetProperty("MaximumRetryCount").GetInt32().ShouldBe(2);

        host.Sampan("start", id).ShouldSucceed();
        Patience.ShouldCome(() => host.Status(id) == "exited" && host.Inspect(id).GetProperty("RestartCount").GetInt32() == 2, "a start by command counts anew");
        host.Sampan("logs", id).Lines.Count.ShouldBe(6);
    }

    [Fact]
    public void On_failure_leaves_a_success_alone()
    {
        var id = host.Detached("--restart", "on-failure", "busybox", "true");
        Patience.ShouldCome(() => host.Status(id) == "exited", "it ends");
        host.Inspect(id).GetProperty("RestartCount").GetInt32().ShouldBe(0);
    }

    [Fact]
    public void Waits_double()
    {
        var id = host.Detached("--restart", "on-failure:4", "busybox", "false");
        Patience.ShouldCome(() => host.Status(id) == "exited", "it gives up");
        var starts = Events(id, "start").Select(line => DateTimeOffset.Parse(line.Split(' ')[0])).ToList();
        starts.Count.ShouldBe(5);
        for (var number = 1; number < starts.Count; number++)
        {
            (starts[number] - starts[number - 1]).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(100 << (number - 1));
        }
    }

    [Fact]
    public void Run_and_wait_end_with_a_life_and_the_next_begins()
    {
        var run = host.Sampan("run", "--name", "lives", "--restart", "unless-stopped", "busybox", "sh", "-c", "echo once; exit 3");
        run.ExitCode.ShouldBe(3);
        run.Output.ShouldBe("once\n");
        host.Sampan("wait", "lives").ShouldSucceed().ShouldBe("3");
        Patience.ShouldCome(() => host.Inspect("lives").GetProperty("RestartCount").GetInt32() >= 4, "it is started again and again");
        Patience.ShouldCome(() => host.Status("lives") == "restarting", "it waits for its next life");
        host.Sampan("ps", "--format", "{{.Status}}", "-f", "name=lives").Text.ShouldMatch(@"^(Restarting \(3\) .* ago|Up .*)$");
        host.Sampan("stop", "lives").ShouldSucceed();
        host.Status("lives").ShouldBe("exited");
        host.Monitors().ShouldNotContain(pid => Processes.CommandLine(pid).Contains(host.Inspect("lives").GetProperty("Id").GetString()!));
    }

    [Theory]
    [InlineData("always")]
    [InlineData("unless-stopped")]
    public void What_a_command_stops_stays_stopped(string policy)
    {
        var stopped = host.Detached("--restart", policy, "busybox", "sleep", "1000");
        host.Sampan("stop", "-t", "0", stopped).ShouldSucceed();
        host.Status(stopped).ShouldBe("exited");

        var killed = host.Detached("--restart", policy, "busybox", "sleep", "1000");
        host.Sampan("kill", killed).ShouldSucceed();
        host.Sampan("wait", killed).ShouldSucceed().ShouldBe("137");
        Patience.ShouldCome(() => host.Status(killed) == "exited", "a kill is a stop");

        var crashed = host.Detached("--restart", policy, "busybox", "sleep", "1000");
        var pid = host.Pid(crashed);
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => host.Pid(crashed) is var now && now != 0 && now != pid, "a kill by nobody's command is a crash");
    }

    [Fact]
    public void A_signal_that_is_no_end_leaves_the_policy_in_force()
    {
        var id = host.Detached("--restart", "always", "busybox", "sh", "-c", "trap 'exit 4' HUP; echo ready; while :; do sleep 0.05; done");
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("ready"), "the trap is set");
        host.Sampan("kill", "-s", "HUP", id).ShouldSucceed();
        Patience.ShouldCome(() => host.Inspect(id).GetProperty("RestartCount").GetInt32() == 1, "it is started again");
    }

    [Fact]
    public void Restart_keeps_a_container_made_with_rm_and_counts_anew()
    {
        var id = host.Detached("--rm", "busybox", "sleep", "1000");
        var pid = host.Pid(id);
        host.Sampan("restart", "-t", "0", id).ShouldSucceed().ShouldBe(id);
        host.Pid(id).ShouldNotBe(pid);
        host.Sampan("kill", id).ShouldSucceed();
        Patience.ShouldCome(() => host.Sampan("ps", "-aq", "-f", "id=" + id).Text.Length == 0, "it goes with its next end");
    }

    [Fact]
    public void Contradictions_and_unknown_policies_are_refused()
    {
        host.Sampan("run", "--rm", "--restart", "always", "busybox").ShouldFailInOneLine(125, "conflicting options: cannot specify both --restart and --rm");
        host.Sampan("create", "--restart", "sometimes", "busybox").ShouldFailInOneLine(1, "invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        host.Sampan("create", "--restart", "always:3", "busybox").ShouldFailInOneLine(1, "invalid restart policy: maximum retry count can only be used with 'on-failure'");
        host.Sampan("create", "--restart", "on-failure:x", "busybox").ShouldFailInOneLine(125, "invalid restart policy format: maximum retry count must be an integer");
        host.Sampan("create", "--restart", ":3", "busybox").ShouldFailInOneLine(125, "invalid restart policy format: no policy provided before colon");
    }

    [Fact]
    public void Exec_of_a_restarting_container_is_refused()
    {
        var id = host.Detached("--restart", "always", "busybox", "false");
        Patience.ShouldCome(() => host.Inspect(id).GetProperty("RestartCount").GetInt32() >= 5 && host.Status(id) == "restarting", "the waits are long now");
        host.Sampan("exec", id, "true").ShouldFailInOneLine(1, $"Container {id} is restarting, wait until the container is running");
        host.Sampan("rm", id).ShouldFailInOneLine(1, "container is restarting: stop the container before removing or force remove");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void A_boot_starts_what_its_policy_wants()
    {
        using var other = new BusyboxHost();
        var lost = other.Detached("--restart", "unless-stopped", "busybox", "sleep", "1000");
        var failed = other.Detached("--restart", "on-failure", "busybox", "sleep", "1000");
        var plain = other.Detached("busybox", "sleep", "1000");
        var stopped = other.Detached("--restart", "unless-stopped", "busybox", "sleep", "1000");
        var always = other.Detached("--restart", "always", "busybox", "sleep", "1000");
        var never = other.Sampan("create", "--restart", "always", "busybox", "sleep", "1000").ShouldSucceed();
        other.Sampan("stop", "-t", "0", stopped, always).ShouldSucceed();

        // What a power cut leaves: no process, no runtime state, the records as they were, of another life of the host.
        int[] processes = [.. other.Monitors(), .. new[] { lost, failed, plain }.Select(other.Pid)];
        foreach (var process in processes)
        {
            Native.kill(process, Native.SIGKILL).ShouldBe(0);
        }

        Patience.ShouldCome(() => !processes.Any(Processes.IsAlive), "they are gone");
        Directory.Delete(other.State, recursive: true);
        foreach (var state in Directory.GetFiles(Path.Combine(other.Root, "containers"), "state.json", SearchOption.AllDirectories))
        {
            File.WriteAllText(state, File.ReadAllText(state).Replace(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), "another", StringComparison.Ordinal));
        }

        other.Sampan("system", "boot").ShouldSucceed().Split('\n').Length.ShouldBe(3);
        other.Status(lost).ShouldBe("running");
        other.Status(failed).ShouldBe("running");
        other.Status(always).ShouldBe("running");
        other.Status(plain).ShouldBe("exited");
        other.Status(stopped).ShouldBe("exited");
        other.Status(never).ShouldBe("created");
        other.Sampan("system", "boot").ShouldSucceed().ShouldBeEmpty("all that should run does");
    }

    [Fact]
    public void A_halt_stops_all_and_the_next_boot_starts_what_its_policy_wants()
    {
        using var other = new BusyboxHost();
        const string wait = "trap 'echo told; exit 0' TERM; while :; do sleep 0.05; done";
        var kept = other.Detached("--restart", "unless-stopped", "busybox", "sh", "-c", wait);
        var always = other.Detached("--restart", "always", "busybox", "sh", "-c", wait);
        var plain = other.Detached("busybox", "sh", "-c", wait);
        var stopped = other.Detached("--restart", "unless-stopped", "busybox", "sleep", "1000");
        other.Sampan("stop", "-t", "0", stopped).ShouldSucceed();
        other.Sampan("system", "halt").ShouldSucceed().Split('\n').Length.ShouldBe(3);
        Patience.ShouldCome(() => other.Monitors().Count == 0, "they are gone");
        foreach (var id in new[] { kept, always, plain })
        {
            other.Status(id).ShouldBe("exited");
            other.Sampan("logs", id).ShouldSucceed().ShouldBe("told");
        }

        other.Sampan("system", "halt").ShouldSucceed().ShouldBeEmpty();
        other.Sampan("system", "boot").ShouldSucceed().Split('\n').Length.ShouldBe(2);
        other.Status(kept).ShouldBe("running");
        other.Status(always).ShouldBe("running");
        other.Status(stopped).ShouldBe("exited");
    }

    private IEnumerable<string> Events(string id, string action) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + id, "--filter", "event=" + action).ShouldSucceed().Split('\n');
}
