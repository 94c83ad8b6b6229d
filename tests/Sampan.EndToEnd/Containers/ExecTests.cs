namespace Sampan.EndToEnd.Containers;

/// <summary>exec: a second process in a running container.</summary>
public sealed class ExecTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void It_is_in_the_containers_namespaces_group_and_root()
    {
        var id = host.Detached("-e", "A=1", "-w", "/usr", "-h", "box", "busybox", "sleep", "1000");
        foreach (var name in new[] { "mnt", "pid", "net", "ipc", "uts", "cgroup" })
        {
            host.Sampan("exec", id, "readlink", "/proc/self/ns/" + name).ShouldSucceed()
                .ShouldBe(host.Sampan("exec", id, "readlink", "/proc/1/ns/" + name).ShouldSucceed(), name);
        }

        host.Sampan("exec", id, "sh", "-c", "hostname; pwd; echo $A; cat /proc/self/cgroup | sort | md5sum; cat /proc/1/cgroup | sort | md5sum").ShouldSucceed().Split('\n')
            .ShouldSatisfyAllConditions(
                lines => lines[..3].ShouldBe(["box", "/usr", "1"]),
                lines => lines[3].ShouldBe(lines[4]));
        host.Sampan("exec", id, "grep", "-e", "^Cap", "-e", "^Seccomp:", "/proc/self/status").ShouldSucceed()
            .ShouldBe(host.Sampan("exec", id, "grep", "-e", "^Cap", "-e", "^Seccomp:", "/proc/1/status").ShouldSucceed());
    }

    [Fact]
    public void Its_options_are_its_own()
    {
        var id = host.Detached("-e", "A=1", "busybox", "sleep", "1000");
        host.Sampan("exec", "-e", "A=2", "-e", "B=3", id, "sh", "-c", "echo $A$B").ShouldSucceed().ShouldBe("23");
        host.Sampan("exec", "-w", "/etc", id, "pwd").ShouldSucceed().ShouldBe("/etc");
        host.Sampan("exec", "-u", "www-data", id, "id", "-un").ShouldSucceed().ShouldBe("www-data");
        host.SampanWithInput("typed\n", "exec", "-i", id, "cat").ShouldSucceed().ShouldBe("typed");
        host.Sampan("exec", "--privileged", id, "grep", "CapEff", "/proc/self/status").ShouldSucceed()
            .ShouldNotBe(host.Sampan("exec", id, "grep", "CapEff", "/proc/self/status").ShouldSucceed());
        var result = host.Sampan("exec", id, "sh", "-c", "echo out; echo err >&2; exit 2");
        (result.ExitCode, result.Output, result.Error).ShouldBe((2, "out\n", "err\n"));
    }

    [Fact]
    public void Detached_it_goes_on_by_itself()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", "-d", id, "sh", "-c", "sleep 0.2; touch /tmp/done").ShouldSucceed().ShouldBeEmpty();
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/tmp/done").ExitCode == 0, "the command runs");
    }

    [Fact]
    public void On_a_terminal_it_resizes_and_restores()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        using var terminal = host.OnTerminal("exec", "-it", id, "sh");
        terminal.Expect("# ");
        terminal.Send("echo re''ady\n");
        terminal.Expect("ready");
        terminal.Resize(30, 100);
        terminal.Send("sleep 0.2; stty size; tty\n");
        terminal.Expect("30 100");
        terminal.Expect("/dev/pts/");
        terminal.Send("exit 3\n");
        terminal.Wait().ShouldBe(3);
        terminal.SettingsNow.ShouldBe(terminal.SettingsBefore);
    }

    [Fact]
    public void It_ends_with_its_container()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        using var command = host.Start("exec", id, "sh", "-c", "echo started; sleep 1000");
        command.Expect("started");
        host.Sampan("kill", id).ShouldSucceed();
        command.Wait().ExitCode.ShouldBe(137);
    }

    [Fact]
    public void Many_at_once_each_get_their_own_answer()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var commands = Enumerable.Range(0, 24).Select(i => host.Start("exec", id, "sh", "-c", $"echo {i}; exit {i}")).ToList();
        foreach (var (i, command) in commands.Index())
        {
            var result = command.Wait();
            (result.ExitCode, result.Text).ShouldBe((i, i.ToString()), result.ToString());
            command.Dispose();
        }
    }

    [Fact]
    public void What_it_leaves_in_the_background_may_still_write()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", id, "sh", "-c", "(sleep 0.3; echo late; touch /alive) & exit 3").ExitCode.ShouldBe(3);
        Patience.ShouldCome(() => host.Sampan("exec", id, "ls", "/alive").ExitCode == 0, "it was not killed by the pipe nobody reads");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Its_oom_score_is_the_containers()
    {
        var id = host.Detached("--oom-score-adj", "700", "busybox", "sleep", "1000");
        host.Sampan("exec", id, "cat", "/proc/self/oom_score_adj").ShouldSucceed().ShouldBe("700");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Theory]
    [InlineData("-u", "nobody-here")]
    [InlineData("-w", "/not/there")]
    public void What_cannot_be_set_up_cannot_be_invoked(string flag, string value)
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", flag, value, id, "true").ShouldFailInOneLine(126, value);
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }
}
