namespace Sampan.Compat.Containerd;

/// <summary>What containerd does with a container through ctr.</summary>
public class TaskTests(ContainerdHost host) : IClassFixture<ContainerdHost>
{
    private static readonly string[] Detached = ["--detach", "--null-io"];

    [Fact]
    public void A_run_passes_output_and_exit_code_on()
    {
        host.Run("echo", ["--rm"], "echo", "hello").ShouldSucceed().ShouldBe("hello");
        host.Run("seven", ["--rm"], "sh", "-c", "exit 7").ExitCode.ShouldBe(7);
        host.Run("killed", ["--rm"], "sh", "-c", "kill -9 $$; sleep 0.1; exec sh -c 'exit 3'").ExitCode.ShouldBe(3);
        host.Ctr("containers", "ls", "--quiet").Lines.Intersect(["echo", "seven", "killed"]).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_started_leaves_nothing()
    {
        host.Run("missing", [], "no-such-command").ShouldFail(1, "exec: \"no-such-command\": executable file not found in $PATH");
        host.RuntimeKnows("missing").ShouldBeFalse();
        host.Ctr("containers", "delete", "missing").ShouldSucceed();
    }

    [Fact]
    public void Input_reaches_the_process()
    {
        using var command = host.Start(host.RunArguments("input", ["--rm"], "head", "-n", "1"));
        command.Send("a line\n");
        command.Wait().ShouldSucceed().ShouldBe("a line");
    }

    [Fact]
    public void A_terminal_is_the_containers_own()
    {
        using var terminal = host.OnTerminal(host.RunArguments("terminal", ["--rm", "--tty"], "sh"));
        terminal.Expect("# ");
        terminal.Send("tty; stty size\n");
        terminal.Expect("/dev/pts/0");
        terminal.Expect("24 80");
        terminal.Send("exit 5\n");
        terminal.Wait().ShouldBe(5);
    }

    [Fact]
    public void A_task_is_listed_by_containerd_and_by_the_runtime()
    {
        host.Run("listed", Detached, "sleep", "1000").ShouldSucceed();
        host.Status("listed").ShouldBe("RUNNING");
        Processes.CommandLine(host.Pid("listed")).Trim().ShouldBe("sleep 1000");
        host.Ctr("tasks", "ps", "listed").Lines.Skip(1).Select(line => line.Trim().Split(' ')[0]).ShouldBe([host.Pid("listed").ToString()]);
        host.RuntimeKnows("listed").ShouldBeTrue();
        host.Remove("listed");
    }

    [Fact]
    public void Exec_runs_inside_with_its_own_exit_code()
    {
        host.Run("target", Detached, "sleep", "1000").ShouldSucceed();
        host.Ctr("tasks", "exec", "--exec-id", "one", "target", "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline; exit 4").ExitCode.ShouldBe(4);
        host.Ctr("tasks", "exec", "--exec-id", "two", "--cwd", "/etc", "--user", "1000:1000", "target", "sh", "-c", "pwd; id -u").ShouldSucceed().ShouldBe("/etc\n1000");
        host.Ctr("tasks", "exec", "--exec-id", "three", "target", "no-such-command").ShouldFail(1, "executable file not found in $PATH");
        using (var terminal = host.OnTerminal("tasks", "exec", "--exec-id", "four", "--tty", "target", "sh"))
        {
            terminal.Expect("# ");
            terminal.Send("tty\n");
            terminal.Expect("/dev/pts/");
            terminal.Send("exit 6\n");
            terminal.Wait().ShouldBe(6);
        }

        host.Ctr("tasks", "exec", "--exec-id", "five", "--detach", "target", "sleep", "77").ShouldSucceed();
        host.Ctr("tasks", "ps", "target").Lines.Count.ShouldBe(3);
        host.Remove("target");
    }

    [Fact]
    public void Pause_and_resume()
    {
        host.Run("frozen", Detached, "sleep", "1000").ShouldSucceed();
        host.Ctr("tasks", "pause", "frozen").ShouldSucceed();
        host.Status("frozen").ShouldBe("PAUSED");
        host.Ctr("tasks", "resume", "frozen").ShouldSucceed();
        host.Status("frozen").ShouldBe("RUNNING");
        host.Remove("frozen");
    }

    [Fact]
    public void Kill_then_delete()
    {
        host.Run("victim", Detached, "sleep", "1000").ShouldSucceed();
        host.Ctr("tasks", "delete", "victim").ExitCode.ShouldNotBe(0);
        host.Ctr("tasks", "kill", "--signal", "SIGKILL", "victim").ShouldSucceed();
        Polling.ShouldCome(() => host.Status("victim") == "STOPPED", "the task stops");
        host.Ctr("tasks", "delete", "victim").ShouldSucceed();
        host.RuntimeKnows("victim").ShouldBeFalse();
        host.Ctr("containers", "delete", "victim").ShouldSucceed();
    }

    [Fact]
    public void Kill_all_reaches_every_process()
    {
        host.Run("many", Detached, "sh", "-c", "sleep 1000 & sleep 1001; true").ShouldSucceed();
        Polling.ShouldCome(() => host.Ctr("tasks", "ps", "many").Lines.Count == 4, "three processes run");
        host.Ctr("tasks", "kill", "--all", "--signal", "SIGKILL", "many").ShouldSucceed();
        Polling.ShouldCome(() => host.Status("many") == "STOPPED", "the task stops");
        host.Remove("many");
    }

    [Fact]
    public void A_container_does_not_outlive_its_shim()
    {
        host.Run("orphan", Detached, "sleep", "1000").ShouldSucceed();
        var pid = host.Pid("orphan");
        var shim = Processes.Where(host.Folder).Single(shim => Processes.CommandLine(shim) is var line && line.Contains("containerd-shim", StringComparison.Ordinal) && line.Contains(" -id orphan ", StringComparison.Ordinal));
        Native.kill(shim, Native.SIGKILL).ShouldBe(0);

        // containerd asks the runtime to delete by force what nobody looks after any more.
        Polling.ShouldCome(() => !host.RuntimeKnows("orphan"), "the runtime forgets the container");
        Polling.ShouldCome(() => !Processes.IsAlive(pid), "the process ends");
        host.Ctr("containers", "delete", "orphan").ShouldSucceed();
    }

    [Fact]
    public void Metrics_come_from_the_control_group()
    {
        host.Run("measured", [.. Detached, "--memory-limit", "67108864", "--cpus", "0.5"], "sleep", "1000").ShouldSucceed();
        var metrics = host.Ctr("tasks", "metrics", "--format", "json", "measured").ShouldSucceed();
        metrics.ShouldContain("67108864");
        host.Ctr("tasks", "exec", "--exec-id", "limit", "measured", "sh", "-c", "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /proc/self/cgroup")
            .ShouldSucceed().ShouldNotBeEmpty();
        host.Remove("measured");
    }

    [Fact]
    public void The_specification_is_kept()
    {
        host.Run("env", ["--rm", "--env", "GREETING=hi", "--cwd", "/tmp"], "sh", "-c", "echo $GREETING $PWD").ShouldSucceed().ShouldBe("hi /tmp");
        host.Run("readonly", ["--rm", "--read-only"], "sh", "-c", "touch /file 2>/dev/null || echo refused").ShouldSucceed().ShouldBe("refused");
        host.Run("bound", ["--rm", "--mount", $"type=bind,src={host.Folder},dst=/data,options=rbind:ro"], "sh", "-c", "test -e /data/config.toml && echo there")
            .ShouldSucceed().ShouldBe("there");
        host.Run("filtered", ["--rm", "--seccomp"], "sh", "-c", "grep ^Seccomp: /proc/self/status | cut -f2").ShouldSucceed().ShouldBe("2");
        host.Run("added", ["--rm", "--cap-add", "CAP_SYS_ADMIN"], "sh", "-c", "mount -t tmpfs none /tmp && echo mounted").ShouldSucceed().ShouldBe("mounted");
        host.Run("hostnet", ["--rm", "--net-host"], "readlink", "/proc/self/ns/net").ShouldSucceed().ShouldNotBeEmpty();
        host.Run("nopivot", ["--rm", "--no-pivot"], "ls", "/bin/busybox").ShouldSucceed().ShouldBe("/bin/busybox");
    }
}
