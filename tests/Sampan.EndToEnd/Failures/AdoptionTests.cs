using System.Globalization;

namespace Sampan.EndToEnd.Failures;

/// <summary>kill -9 of a monitor: its container goes on, the next command gives it another monitor, and what was lost is said.</summary>
public sealed class AdoptionTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Output_written_while_nobody_watched_is_logged_whole_and_in_order()
    {
        // More than a pipe holds: who writes waits for the next monitor instead of failing.
        var id = host.Detached("busybox", "sh", "-c", "mkfifo /gate; echo ready; read go < /gate; seq 1 100000; seq 1 50 >&2; exit 7");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text == "ready", "it is up");
        var pid = host.Pid(id);
        KillMonitor(id);
        File.WriteAllText($"/proc/{pid}/root/gate", "go\n");
        Patience.ShouldCome(
            () => Host.Shell("for process in $1 $(cat /proc/$1/task/$1/children); do cat /proc/$process/wchan; echo; done", $"{pid}").Contains("pipe_write", StringComparison.Ordinal),
            "the pipe is full");
        Processes.IsAlive(pid).ShouldBeTrue();

        host.Sampan("ps", "--format", "{{.Status}}", "-f", "id=" + id).ShouldSucceed().ShouldStartWith("Up ");
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("7");
        var log = host.Sampan("logs", id);
        log.Lines.ShouldBe(["ready", .. Enumerable.Range(1, 100_000).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        log.Error.TrimEnd('\n').Split('\n').ShouldBe(Enumerable.Range(1, 50).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        var state = host.Inspect(id).GetProperty("State");
        (state.GetProperty("Status").GetString(), state.GetProperty("ExitCode").GetInt32(), state.GetProperty("Error").GetString()).ShouldBe(("exited", 7, ""));
        Actions(id).ShouldBe(["create", "start", "adopt", "die"]);
        host.Sampan("rm", id).ShouldSucceed();
    }

    [Fact]
    public void Every_command_works_as_before()
    {
        var id = host.Detached("--name", "all", "-m", "64m", "busybox", "sh", "-c", "trap 'exit 9' USR1; echo up; while :; do sleep 0.05; done");
        var pid = host.Pid(id);
        KillMonitor(id);
        host.Sampan("exec", "-e", "A=b", "all", "sh", "-c", "echo $A; exit 3").ShouldFail(3).ShouldBeEmpty();
        host.Pid(id).ShouldBe(pid, "the same process");
        KillMonitor(id);
        host.Sampan("exec", "all", "cat", "/proc/1/cmdline").ShouldSucceed().ShouldContain("trap");
        host.Sampan("update", "-m", "80m", "all").ShouldSucceed();
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe($"{80 << 20}");
        KillMonitor(id);
        host.Sampan("pause", "all").ShouldSucceed();
        KillMonitor(id);
        host.Status("all").ShouldBe("paused");
        host.Sampan("exec", "all", "true").ShouldFailInOneLine(1, "is paused");
        host.Sampan("unpause", "all").ShouldSucceed();
        KillMonitor(id);
        host.Sampan("rename", "all", "renamed").ShouldSucceed();
        host.Sampan("top", "renamed").ShouldSucceed().ShouldContain("trap");
        KillMonitor(id);
        host.Sampan("restart", "-t", "0", "renamed").ShouldSucceed();
        host.Pid(id).ShouldNotBe(pid);
        KillMonitor(id);
        host.Sampan("kill", "-s", "USR1", "renamed").ShouldSucceed();
        host.Sampan("wait", "renamed").ShouldSucceed().ShouldBe("9");
        host.Sampan("start", "renamed").ShouldSucceed();
        KillMonitor(id);
        host.Sampan("start", "renamed").ShouldSucceed().ShouldBe("renamed");
        KillMonitor(id);
        host.Sampan("rm", "renamed").ShouldFailInOneLine(1, "container is running: stop the container before removing or force remove");
        KillMonitor(id);
        host.Sampan("stop", "-t", "0", "renamed").ShouldSucceed();
        host.Inspect(id).GetProperty("State").GetProperty("ExitCode").GetInt32().ShouldBe(137);
        Patience.ShouldCome(() => host.Monitors().All(monitor => !Processes.CommandLine(monitor).Contains(id)), "no monitor is left");
        host.Sampan("rm", "renamed").ShouldSucceed();
    }

    [Fact]
    public void A_command_that_removes_by_force_needs_no_second_try()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        KillMonitor(id);
        host.Sampan("rm", "-f", id).ShouldSucceed();
        host.Sampan("ps", "-aq", "-f", "id=" + id).ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void One_made_with_rm_goes_with_its_end()
    {
        var id = host.Detached("--rm", "busybox", "sh", "-c", "mkfifo /gate; read go < /gate; exit 5");
        Patience.ShouldCome(() => File.Exists($"/proc/{host.Pid(id)}/root/gate"), "it is up");
        var gate = $"/proc/{host.Pid(id)}/root/gate";
        KillMonitor(id);
        host.Sampan("ps", "-q").ShouldSucceed();
        Patience.ShouldCome(() => host.Monitors().Any(monitor => Processes.CommandLine(monitor).Contains(id) && Sockets(monitor) == 1), "it has another monitor");
        using var wait = host.Start("wait", id);
        Patience.ShouldCome(() => Sockets(host.Monitor(id)) == 2, "it is connected");
        File.WriteAllText(gate, "go\n");
        wait.Wait().ShouldSucceed().ShouldBe("5");
        Patience.ShouldCome(() => host.Sampan("ps", "-aq", "-f", "id=" + id).Text.Length == 0, "it is gone");

        // And one that can be restarted: its overlay is mounted without syncs, which a crash of the host would forbid, but not this.
        id = host.Detached("--rm", "busybox", "sh", "-c", "echo life >> /lives; exec sleep 1000");
        KillMonitor(id);
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        host.Sampan("exec", id, "cat", "/lives").ShouldSucceed().ShouldBe("life\nlife");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Init_closes_its_streams_and_they_are_found_in_its_child()
    {
        var id = host.Detached("--init", "busybox", "sh", "-c", "mkfifo /gate; echo one; read go < /gate; echo two; exit 6");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text == "one", "it is up");
        var pid = host.Pid(id);
        KillMonitor(id);
        host.Sampan("exec", id, "test", "-p", "/gate").ShouldSucceed();

        // Not by an exec: that would end with the container.
        File.WriteAllText($"/proc/{pid}/root/gate", "go\n");
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("6");
        host.Sampan("logs", id).Text.ShouldBe("one\ntwo");
    }

    [Fact]
    public void A_terminal_is_lost_and_everybody_is_told()
    {
        // Interactive shells end with their terminal; this one does not care.
        var id = host.Detached("-t", "--name", "screen", "busybox", "sh", "-c", "trap '' HUP; echo up; while :; do sleep 0.05; done 2>/dev/null");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text.Contains("up"), "it is up");
        KillMonitor(id);
        var ps = host.Sampan("ps", "--format", "{{.Status}}", "-f", "id=" + id);
        ps.ShouldSucceed().ShouldStartWith("Up ");
        ps.Error.ShouldContain("the monitor of container screen died, and its terminal with it");
        Patience.ShouldCome(() => host.Sampan("logs", id).Error.Contains("its terminal is lost"), "the log says so");
        Adoption(id).ShouldContain("lost=terminal");
        host.Sampan("attach", "--no-stdin", "screen").ShouldFailInOneLine(1, "the terminal of container screen went with a monitor that died: restart the container to have another");
        host.Sampan("restart", "-t", "0", "screen").ShouldSucceed();
        host.Sampan("exec", "screen", "tty").Text.ShouldBe("not a tty");
        host.Sampan("exec", "screen", "sh", "-c", "test -t 1 < /dev/null; ls -l /proc/1/fd/1").ShouldSucceed().ShouldContain("/dev/");
        host.Sampan("rm", "-f", "screen").ShouldSucceed();
    }

    [Fact]
    public void Input_ends_with_the_monitor_and_goes_on_with_the_next()
    {
        var id = host.Detached("-i", "busybox", "sh", "-c", "mkfifo /gate; echo up; read go < /gate; cat; echo end");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text == "up", "it is up");
        KillMonitor(id);
        host.Sampan("exec", id, "sh", "-c", "echo go > /gate").ShouldSucceed();
        using (var attached = host.Start("attach", id))
        {
            attached.Send("hello\n");
            attached.Expect("hello");
            attached.CloseInput();
            host.Sampan("stop", "-t", "0", id).ShouldSucceed();
            attached.Wait();
        }

        Adoption(id).ShouldContain("lost=standard input so far");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void One_that_ends_unwatched_says_that_its_exit_code_is_unknown()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var pid = host.Pid(id);
        KillMonitor(id);
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => !Directory.Exists($"/proc/{pid}"), "the host's init has reaped it");
        host.Sampan("ps", "-a", "--format", "{{.Status}}", "-f", "id=" + id).ShouldSucceed().ShouldStartWith("Exited (255)");
        host.Inspect(id).GetProperty("State").GetProperty("Error").GetString().ShouldBe("exit code unknown: its monitor had died, and it ended before there was another");
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("255");
        host.Sampan("start", id).ShouldSucceed();
        host.Inspect(id).GetProperty("State").GetProperty("Error").GetString().ShouldBeEmpty();
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void A_policy_goes_on_whoever_dies()
    {
        var id = host.Detached("--restart", "always", "busybox", "sleep", "1000");
        var pid = host.Pid(id);
        KillMonitor(id);
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => host.Pid(id) is var now && now != 0 && now != pid, "the next command's monitor starts it again");
        host.Inspect(id).GetProperty("RestartCount").GetInt32().ShouldBe(1);
        host.Sampan("rm", "-f", id).ShouldSucceed();

        var failing = host.Detached("--restart", "on-failure:7", "busybox", "false");
        for (var kills = 0; kills < 3; kills++)
        {
            Patience.ShouldCome(() => host.Status(failing) == "restarting", "it waits for its next life");
            KillMonitor(failing);
        }

        Patience.ShouldCome(() => host.Status(failing) == "exited", "it gives up");
        host.Inspect(failing).GetProperty("RestartCount").GetInt32().ShouldBe(7, "no life was counted twice, and none was left out");
        host.Sampan("rm", "-f", failing).ShouldSucceed();
    }

    [Fact]
    public void Health_goes_on_with_what_was_known()
    {
        var id = host.Detached("--health-cmd", "test -e /well", "--health-interval", "200ms", "--health-retries", "2", "busybox", "sh", "-c", "touch /well; exec sleep 1000");
        Patience.ShouldCome(() => Health(id) == "healthy", "it is well");
        KillMonitor(id);
        Health(id).ShouldBe("healthy");
        host.Sampan("exec", id, "rm", "/well").ShouldSucceed();
        Patience.ShouldCome(() => Health(id) == "unhealthy", "the next monitor checks");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Commands_in_progress_carry_on()
    {
        var id = host.Detached("busybox", "sh", "-c", "mkfifo /gate; echo one; read go < /gate; echo two; exit 4");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text == "one", "it is up");
        var monitor = host.Monitor(id);
        var sockets = Sockets(monitor);
        using var wait = host.Start("wait", id);
        using var logs = host.Start("logs", "-f", id);
        logs.Expect("one");
        var gate = $"/proc/{host.Pid(id)}/root/gate";
        Patience.ShouldCome(() => Sockets(monitor) == sockets + 2, "both are connected");
        KillMonitor(id);
        Patience.ShouldCome(() => host.Monitors().Any(next => Processes.CommandLine(next).Contains(id) && Sockets(next) == sockets + 2), "they have started another");
        File.WriteAllText(gate, "go\n");
        wait.Wait().ShouldSucceed().ShouldBe("4");
        logs.Wait().ShouldSucceed().ShouldBe("one\ntwo");
        host.Sampan("rm", id).ShouldSucceed();
    }

    [Fact]
    public void A_stop_in_progress_is_finished_by_the_next_monitor()
    {
        var id = host.Detached("busybox", "sh", "-c", "trap 'echo got' TERM; echo up; while :; do sleep 0.05; done");
        Patience.ShouldCome(() => host.Sampan("logs", id).Text == "up", "it is up");
        using (var stop = host.Start("stop", "-t", "2", id))
        {
            Patience.ShouldCome(() => host.Sampan("logs", id).Text.Contains("got"), "it has the signal");
            KillMonitor(id);
            stop.Wait().ShouldSucceed();
        }

        host.Inspect(id).GetProperty("State").GetProperty("ExitCode").GetInt32().ShouldBe(137);
        host.Sampan("logs", id).Text.ShouldBe("up\ngot", "one signal, not two");

        host.Sampan("start", id).ShouldSucceed();
        Patience.ShouldCome(() => host.Sampan("logs", "--tail", "1", id).Text == "up", "it is up");
        using (var stop = host.Start("stop", "-t", "1", id))
        {
            Patience.ShouldCome(() => host.Sampan("logs", "--tail", "1", id).Text == "got", "it has the signal");
            stop.Signal(Native.SIGKILL);
            KillMonitor(id);
        }

        Patience.ShouldCome(() => host.Status(id) == "exited", "nobody asks any more, and it is ended all the same");
        host.Sampan("rm", id).ShouldSucceed();
    }

    [Fact]
    public void Who_was_attached_is_told_and_so_is_an_exec()
    {
        using (var run = host.Start("run", "--name", "watched", "busybox", "sh", "-c", "echo up; exec sleep 1000"))
        {
            run.Expect("up");
            var id = host.Inspect("watched").GetProperty("Id").GetString()!;
            using var exec = host.Start("exec", "watched", "sh", "-c", "echo in; exec sleep 2000");
            exec.Expect("in");
            KillMonitor(id);
            exec.Wait().ShouldFailInOneLine(125, "the monitor of container watched died, and this exec with it; the container goes on under a new one");
            run.Wait().ShouldFailInOneLine(125, "the monitor of container watched died: the container goes on under a new one");
        }

        host.Status("watched").ShouldBe("running");
        host.Sampan("top", "watched").ShouldSucceed().ShouldNotContain("sleep 2000");
        host.Sampan("rm", "-f", "watched").ShouldSucceed();
    }

    [Fact]
    public void What_stood_still_for_a_client_that_lost_its_monitor_goes_on()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var pid = host.Pid(id);
        var freeze = Host.Shell("grep -q ^0:: /proc/$1/cgroup && f=/sys/fs/cgroup/unified$(sed -n s/^0:://p /proc/$1/cgroup)/cgroup.freeze; [ -e \"$f\" ] || f=/sys/fs/cgroup$(sed -n s/^0:://p /proc/$1/cgroup)/cgroup.freeze; echo $f", $"{pid}");
        KillMonitor(id);
        File.WriteAllText(freeze, "1");
        host.Sampan("exec", id, "true").ShouldSucceed();
        File.ReadAllText(freeze).Trim().ShouldBe("0");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void System_check_names_it_and_repairs_it_and_a_boot_leaves_it_alone()
    {
        using var other = new BusyboxHost();
        var id = other.Detached("--name", "alone", "--restart", "always", "busybox", "sleep", "1000");
        var pid = other.Pid(id);
        Processes.Kill(other.Monitor(id));
        other.Sampan("system", "check").ShouldFail(1).ShouldBeEmpty();
        other.Sampan("system", "check").Output.ShouldBe("container alone: has no monitor: it was killed (--repair: start a new one, which takes over)\n");
        other.Sampan("system", "check", "--repair").ShouldSucceed();
        other.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        Processes.Kill(other.Monitor(id));
        other.Sampan("system", "boot").ShouldSucceed().ShouldBeEmpty();
        other.Pid(id).ShouldBe(pid);
    }

    [Fact]
    public void Fifty_at_once_found_by_eight()
    {
        using var other = new BusyboxHost();
        var ids = Enumerable.Range(0, 50).Select(number => other.Detached("--name", $"n{number}", "busybox", "sh", "-c", "echo a; exec sleep 1000")).ToList();
        var pids = ids.Select(other.Pid).ToList();
        foreach (var monitor in other.Monitors())
        {
            Processes.Kill(monitor);
        }

        var commands = Enumerable.Range(0, 8).Select(_ => other.Start("ps", "-q", "--no-trunc")).ToList();
        foreach (var command in commands)
        {
            command.Wait().Lines.Order().ShouldBe(ids.Order());
            command.Dispose();
        }

        other.Sampan(["exec", "n7", "true"]).ShouldSucceed();
        ids.Select(other.Pid).ShouldBe(pids);
        Patience.ShouldCome(() => other.Monitors().Count == 50, "each has one monitor");
        foreach (var id in ids)
        {
            var monitor = other.Monitor(id);
            Patience.ShouldCome(() => Resident(monitor) <= 4096, $"the monitor is small: {Resident(monitor)} KiB");
        }

        // A listener, an epoll, a lock, two pipes, a pidfd twice, the log and the standard streams: what any monitor has.
        Directory.GetFileSystemEntries($"/proc/{other.Monitor(ids[0])}/fd").Length.ShouldBeLessThanOrEqualTo(14);
        other.Sampan(["stop", "-t", "0", .. ids]).ShouldSucceed();
        Patience.ShouldCome(() => other.Monitors().Count == 0, "they end with their containers");
    }

    private static int Resident(int pid) => int.TryParse(Processes.Status(pid, "VmRSS").Split(' ')[0], CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes : 0;

    private void KillMonitor(string id)
    {
        // An init of ours (--init) has its monitor's command line, and a pid namespace.
        int[] Monitors() => [.. host.Monitors().Where(monitor =>
            Processes.CommandLine(monitor).Contains(id, StringComparison.Ordinal) && !Processes.Status(monitor, "NSpid").Contains('\t', StringComparison.Ordinal))];
        Patience.ShouldCome(() => Monitors().Length == 1, "it has a monitor");
        Processes.Kill(Monitors()[0]);
    }

    private string Health(string id) => host.Inspect(id).GetProperty("State").GetProperty("Health").GetProperty("Status").GetString()!;

    private static int Sockets(int pid) => int.Parse(Host.Shell("ls -l /proc/$1/fd | grep -c socket: || true", $"{pid}"), CultureInfo.InvariantCulture);

    private IEnumerable<string> Actions(string id) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + id, "--format", "{{.Action}}").ShouldSucceed().Split('\n');

    private string Adoption(string id) =>
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "container=" + id, "--filter", "event=adopt").ShouldSucceed();
}
