namespace Sampan.EndToEnd.Containers;

/// <summary>attach, and the keys that leave a container running.</summary>
public sealed class AttachTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string DetachKeys = "\u0010\u0011";

    [Fact]
    public void Control_p_control_q_leaves_and_attach_comes_back()
    {
        using var first = host.OnTerminal("run", "-it", "--name", "left", "busybox", "sh");
        first.Expect("# ");
        first.Send("x=kept\n");
        first.Expect("# ");
        first.Send(DetachKeys);
        first.Wait().ShouldBe(0);
        first.SettingsNow.ShouldBe(first.SettingsBefore);
        host.Status("left").ShouldBe("running");

        using var second = host.OnTerminal("attach", "left");
        second.Send("echo $x again\n");
        second.Expect("kept again");
        second.Send("exit 5\n");
        second.Wait().ShouldBe(5);
    }

    [Fact]
    public void The_keys_can_be_chosen_and_an_unfinished_sequence_is_typed()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "--name", "keys", "--detach-keys", "ctrl-a,d", "busybox", "sh");
        terminal.Expect("# ");
        terminal.Send("cat -v\n");
        terminal.Send("\u0001x\n");
        terminal.Expect("^Ax");
        terminal.Send("\u0001d");
        terminal.Wait().ShouldBe(0);
        host.Sampan("kill", "keys").ShouldSucceed();
    }

    [Fact]
    public void Attach_sees_output_from_now_and_the_exit_code()
    {
        var id = host.Detached("-i", "busybox", "sh", "-c", "while read line; do echo got $line; [ $line = end ] && exit 8; done");
        using var command = host.Start("attach", id);
        command.Send("first\n");
        command.Expect("got first");
        command.Send("end\n");
        var result = command.Wait();
        result.Output.ShouldContain("got end");
        result.ExitCode.ShouldBe(8);
    }

    [Fact]
    public void Two_clients_see_the_same_output()
    {
        var id = host.Detached("-i", "busybox", "sh", "-c", "while read line; do echo $line; done");
        using var one = host.Start("attach", id);
        using var two = host.Start("attach", id);
        Patience.ShouldCome(
            () =>
            {
                one.Send("hello\n");
                return one.Output.Contains("hello") && two.Output.Contains("hello");
            },
            "both see what one of them typed");
        host.Sampan("kill", id).ShouldSucceed();
        one.Wait().ExitCode.ShouldBe(137);
        two.Wait().ExitCode.ShouldBe(137);
    }

    [Fact]
    public void Attach_refuses_the_stopped()
    {
        var id = host.Sampan("create", "busybox").ShouldSucceed();
        host.Sampan("attach", id).ShouldFailInOneLine(1, "cannot attach to a stopped container");
    }

    [Fact]
    public void A_client_that_attached_and_reads_nothing_does_not_hold_the_container_up()
    {
        Host.Shell("mkfifo \"$1/fifo\"", host.Folder);
        var id = host.Detached("-i", "--name", "unread", "busybox", "sh", "-c", "read line; seq 200000; echo end");
        // The client's output goes to a pipe that is open and that nobody reads.
        using var client = new RunningCommand("/bin/bash", ["-c", "exec 5<>\"$0/fifo\"; \"$@\" >&5 2>/dev/null", host.Folder, Host.Binary, .. host.Arguments("attach", id)]);
        client.Send("go\n");
        Patience.ShouldCome(() => host.Sampan("logs", "--tail", "1", "unread").Output == "end\n", "the container ends");
    }
}
