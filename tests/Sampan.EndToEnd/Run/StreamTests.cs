namespace Sampan.EndToEnd.Run;

/// <summary>Standard input, output and error, by pipe and by terminal.</summary>
public sealed class StreamTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Output_and_error_stay_apart()
    {
        var result = host.Sampan("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");
        result.ShouldSucceed().ShouldBe("out");
        result.Error.ShouldBe("err\n");
    }

    [Fact]
    public void Input_reaches_the_container_only_with_i()
    {
        host.SampanWithInput("line\n", "run", "--rm", "-i", "busybox", "cat").ShouldSucceed().ShouldBe("line");
        host.SampanWithInput("line\n", "run", "--rm", "busybox", "cat").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Output_after_the_end_of_input_is_not_lost()
    {
        host.SampanWithInput("x", "run", "--rm", "-i", "busybox", "sh", "-c", "cat; sleep 0.2; echo y").ShouldSucceed().ShouldBe("xy");
    }

    [Fact]
    public void A_large_stream_passes_unchanged_both_ways()
    {
        Host.Shell("head -c 20000000 /dev/urandom > \"$1/big\"", host.Folder);
        var sum = Host.Shell("sha256sum < \"$1/big\"", host.Folder);
        Host.Shell("\"${@:2}\" run --rm -i busybox cat < \"$1/big\" | sha256sum", [host.Folder, Host.Binary, .. host.Arguments()]).ShouldBe(sum);
    }

    [Fact]
    public void A_reader_that_goes_away_does_not_stop_the_container()
    {
        Host.Shell("\"$@\" run --name chatty busybox sh -c 'seq 100000; echo done' | head -1", [Host.Binary, .. host.Arguments()]).ShouldBe("1");
        host.Sampan("wait", "chatty").ShouldSucceed();
        host.Sampan("logs", "--tail", "1", "chatty").ShouldSucceed().ShouldBe("done");
    }

    [Fact]
    public void A_terminal_has_the_size_of_the_users_and_follows_it()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "busybox", "sh");
        terminal.Expect("# ");
        terminal.Send("stty size\n");
        terminal.Expect("24 80");
        terminal.Resize(50, 132);
        terminal.Send("sleep 0.2; stty size\n");
        terminal.Expect("50 132");
        terminal.Send("exit\n");
        terminal.Wait().ShouldBe(0);
    }

    [Fact]
    public void A_terminal_passes_control_keys()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "busybox", "sh");
        terminal.Expect("# ");
        // What is typed is echoed, so what is waited for must differ from it.
        terminal.Send("sleep 86419\n");
        // The key must find it in the foreground: a signal between the shell's fork and its execve is the shell's to lose.
        Patience.ShouldCome(() => Processes.Where("sleep 86419").Any(pid => Processes.CommandLine(pid) == "sleep 86419 "), "it sleeps");
        terminal.Send("\u0003");
        terminal.Expect("# ");
        terminal.Send("echo still here\n");
        terminal.Expect("still here");
        terminal.Send("\u0004");
        terminal.Wait().ShouldBe(0);
        terminal.SettingsNow.ShouldBe(terminal.SettingsBefore);
    }

    [Fact]
    public void A_terminal_is_restored_when_the_command_is_terminated()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "--name", "ended", "busybox", "sh");
        terminal.Expect("# ");
        terminal.SettingsNow.ShouldNotBe(terminal.SettingsBefore);
        host.Sampan("kill", "ended").ShouldSucceed();
        terminal.Wait().ShouldBe(137);
        terminal.SettingsNow.ShouldBe(terminal.SettingsBefore);
    }

    [Fact]
    public void A_terminal_is_refused_when_input_is_none()
    {
        host.Sampan("run", "--rm", "-it", "busybox", "true").ShouldFail(1, "the input device is not a TTY");
    }

    [Fact]
    public void A_terminal_without_input_has_the_tty_inside()
    {
        host.Sampan("run", "--rm", "-t", "busybox", "sh", "-c", "test -t 1 && echo yes").ShouldSucceed().Trim().ShouldBe("yes");
    }

    [Fact]
    public void An_interrupt_of_the_client_is_passed_to_the_container()
    {
        using var command = host.Start("run", "--rm", "busybox", "sh", "-c", "trap 'echo interrupted; exit 4' INT TERM; echo ready; while :; do sleep 0.1; done");
        command.Expect("ready");
        command.Signal(Native.SIGTERM);
        var result = command.Wait();
        result.ExitCode.ShouldBe(4);
        result.Output.ShouldContain("interrupted");
    }
}
