namespace Sampan.EndToEnd.Containers;

/// <summary>What exec, attach, start, stop, kill, rm and wait say when they cannot, in docker's words and with its exit codes.</summary>
public sealed class ExecFailureTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_command_that_is_not_there_is_127_and_one_that_cannot_run_126()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", id, "no-such-command").ShouldFailInOneLine(127, "exec: \"no-such-command\": executable file not found in $PATH");
        host.Sampan("exec", id, "/no/such/file").ShouldFailInOneLine(127, "/no/such/file", "no such file or directory");
        host.Sampan("exec", id, "/etc/passwd").ShouldFailInOneLine(126, "/etc/passwd", "permission denied");
        host.Sampan("exec", "-d", id, "no-such-command").ShouldFailInOneLine(127, "no-such-command");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Not_running_is_told()
    {
        var id = host.Sampan("create", "--name", "waiting", "busybox").ShouldSucceed();
        host.Sampan("exec", id, "true").ShouldFailInOneLine(1, $"container {id} is not running");
        host.Sampan("kill", "waiting").ShouldFailInOneLine(1, $"cannot kill container: waiting: container {id} is not running");
        host.Sampan("exec", "nobody", "true").ShouldFailInOneLine(1, "No such container: nobody");
        host.Sampan("stop", id).ShouldSucceed().ShouldBe(id);
    }

    [Fact]
    public void Kill_takes_every_spelling_of_a_signal()
    {
        foreach (var signal in new[] { "KILL", "SIGKILL", "sigkill", "kill", "9" })
        {
            var id = host.Detached("busybox", "sleep", "1000");
            host.Sampan("kill", "-s", signal, id).ShouldSucceed().ShouldBe(id);
            host.Sampan("wait", id).ShouldSucceed().ShouldBe("137");
        }

        host.Sampan("kill", "-s", "FOO", "whoever").ShouldFailInOneLine(1, "Invalid signal: FOO");
    }

    [Fact]
    public void Several_are_waited_for_in_order_and_one_that_is_missing_stops_nobody()
    {
        var slow = host.Detached("busybox", "sh", "-c", "sleep 0.5; exit 3");
        var fast = host.Detached("busybox", "sh", "-c", "exit 4");
        var result = host.Sampan("wait", slow, "nobody", fast);
        (result.ExitCode, result.Output).ShouldBe((1, "3\n4\n"));
        result.Error.ShouldContain("No such container: nobody");
        host.Sampan("rm", slow, fast).ShouldSucceed().ShouldBe($"{slow}\n{fast}");
    }

    [Fact]
    public void Several_cannot_be_attached_to_at_once()
    {
        host.Sampan("start", "-a", "x", "y").ShouldFailInOneLine(1, "you cannot start and attach multiple containers at once");
        host.Sampan("start", "-i", "x", "y").ShouldFailInOneLine(1, "you cannot start and attach multiple containers at once");
    }

    [Fact]
    public void Restart_takes_a_signal_and_a_time()
    {
        var id = host.Detached("busybox", "sh", "-c", "trap 'echo usr1; exit 0' USR1; echo up; while :; do sleep 0.1; done");
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("up"), "the trap is set");
        host.Sampan("restart", "-s", "USR1", "-t", "20", id).ShouldSucceed().ShouldBe(id);
        Patience.ShouldCome(() => host.Sampan("logs", id).Lines.SequenceEqual(["up", "usr1", "up"]), "it ended by the signal and came up again");
    }

    [Fact]
    public void Detach_keys_leave_an_exec_running()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        using var terminal = host.OnTerminal("exec", "-it", "--detach-keys", "ctrl-x,q", id, "sh", "-c", "echo up; sleep 30; touch /late");
        terminal.Expect("up");
        terminal.Send("\u0018q");
        terminal.Wait().ShouldBe(0);
        host.Sampan("exec", id, "ps").ShouldSucceed().ShouldContain("sleep 30");
    }

    [Fact]
    public void Attach_without_stdin_sends_nothing()
    {
        var id = host.Detached("-i", "busybox", "sh", "-c", "echo up; read line; echo got $line");
        using var attached = host.Start("attach", "--no-stdin", id);
        attached.CloseInput();
        host.SampanWithInput("typed\n", "attach", id).ShouldSucceed().ShouldContain("got typed");
        attached.Wait().ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Signals_are_not_passed_on_where_that_is_not_wanted()
    {
        var id = host.Detached("busybox", "sh", "-c", "trap 'echo caught; exit 5' TERM; echo up; while :; do sleep 0.1; done");
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("up"), "the trap is set");
        using var attached = host.Start("attach", "--sig-proxy=false", id);
        Patience.ShouldCome(() => attached.HasExited || File.ReadAllText($"/proc/{attached.Pid}/cmdline").Contains("attach"), "attach runs");
        attached.Signal(Native.SIGTERM);
        attached.Wait();
        host.Status(id).ShouldBe("running");
        host.Sampan("stop", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("5");
    }
}
