namespace Sampan.Compat.Docker;

/// <summary>docker exec, and health checks, which are execs.</summary>
[Collection(DockerCollection.Name)]
public sealed class ExecTests : IDisposable
{
    private readonly DockerHost _host;

    public ExecTests(DockerHost host)
    {
        _host = host;
        host.Detached("--name", "target", "--env", "FROM=container", "--network", "none", "busybox", "sleep", "1000");
    }

    public void Dispose() => _host.Remove("target");

    [Fact]
    public void Exec_runs_inside_with_its_own_exit_code()
    {
        _host.Docker("exec", "target", "hostname").ShouldSucceed().ShouldBe(_host.Inspect("target", "{{.Config.Hostname}}"));
        _host.Docker("exec", "target", "sh", "-c", "exit 7").ExitCode.ShouldBe(7);
        _host.Docker("exec", "target", "sh", "-c", "kill -9 $$").ExitCode.ShouldBe(137);
        _host.Docker("exec", "target", "sh", "-c", "kill -TERM $$").ExitCode.ShouldBe(143);
    }

    [Fact]
    public void Exec_of_what_is_not_there()
    {
        var missing = _host.Docker("exec", "target", "no-such-command");
        missing.ExitCode.ShouldBeOneOf(126, 127); // By dockerd's version.
        (missing.Output + missing.Error).ShouldContain("exec: \"no-such-command\": executable file not found in $PATH");
        var forbidden = _host.Docker("exec", "target", "/etc/passwd");
        forbidden.ExitCode.ShouldBe(126, forbidden.ToString());
        (forbidden.Output + forbidden.Error).ShouldContain("permission denied");
    }

    [Fact]
    public void Exec_takes_user_directory_and_environment()
    {
        _host.Docker("exec", "--user", "alice", "target", "id").ShouldSucceed().ShouldBe("uid=1000(alice) gid=1000(alice) groups=1000(alice),2000(crew)");
        _host.Docker("exec", "--user", "1234:77", "target", "id", "-u").ShouldSucceed().ShouldBe("1234");
        _host.Docker("exec", "--workdir", "/etc", "--env", "MORE=exec", "target", "sh", "-c", "echo $PWD $FROM $MORE").ShouldSucceed().ShouldBe("/etc container exec");
    }

    [Fact]
    public void Exec_is_confined_as_the_container_is()
    {
        _host.Docker("exec", "target", "grep", "-E", "^(CapEff|Seccomp):", "/proc/self/status").ShouldSucceed()
            .ShouldBe(_host.Docker("exec", "target", "grep", "-E", "^(CapEff|Seccomp):", "/proc/1/status").ShouldSucceed());
        _host.Docker("exec", "target", "cat", "/proc/self/cgroup").ShouldSucceed()
            .ShouldBe(_host.Docker("exec", "target", "cat", "/proc/1/cgroup").ShouldSucceed());
    }

    [Fact]
    public void Exec_passes_input_on()
    {
        using var command = _host.Start("exec", "-i", "target", "cat");
        command.Send("through the exec\n");
        command.Expect("through the exec");
        command.CloseInput();
        command.Wait().ShouldSucceed();
    }

    [Fact]
    public void Exec_on_a_terminal()
    {
        using var terminal = _host.OnTerminal("exec", "-it", "target", "sh");
        terminal.Expect("# ");
        terminal.Send("tty; echo $FROM\n");
        terminal.Expect("/dev/pts/");
        terminal.Expect("container");
        terminal.Resize(30, 100);
        Polling.ShouldCome(
            () =>
            {
                terminal.Send("stty size\n");
                return terminal.Screen.Contains("30 100", StringComparison.Ordinal);
            },
            "the new size arrives");
        terminal.Send("exit 4\n");
        terminal.Wait().ShouldBe(4);
    }

    [Fact]
    public void Many_at_once()
    {
        var execs = Enumerable.Range(0, 8).Select(number => _host.Start("exec", "target", "sh", "-c", $"echo {number}; exit {number}")).ToList();
        foreach (var (number, exec) in execs.Index())
        {
            exec.CloseInput();
            var result = exec.Wait();
            result.ExitCode.ShouldBe(number, result.ToString());
            result.Text.ShouldBe(number.ToString());
            exec.Dispose();
        }
    }

    [Fact]
    public void A_detached_exec_goes_on()
    {
        _host.Docker("exec", "-d", "target", "sh", "-c", "echo done >/detached; exec sleep 77").ShouldSucceed();
        Polling.ShouldCome(() => _host.Docker("exec", "target", "cat", "/detached").Text == "done", "the detached command writes");
        _host.Docker("top", "target").ShouldSucceed().ShouldContain("sleep 77");
    }

    [Fact]
    public void A_health_check_says_healthy_or_not()
    {
        _host.Detached(
            "--name", "patient", "--health-cmd", "test -e /healthy", "--health-interval", "200ms", "--health-retries", "2", "busybox", "sleep", "1000");
        Polling.ShouldCome(() => _host.Inspect("patient", "{{.State.Health.Status}}") == "unhealthy", "unhealthy");
        _host.Docker("exec", "patient", "touch", "/healthy").ShouldSucceed();
        Polling.ShouldCome(() => _host.Inspect("patient", "{{.State.Health.Status}}") == "healthy", "healthy");
        _host.Remove("patient");
    }
}
