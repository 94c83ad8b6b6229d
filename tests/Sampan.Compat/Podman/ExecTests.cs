namespace Sampan.Compat.Podman;

/// <summary>podman exec and health checks, which are execs.</summary>
[Collection(PodmanCollection.Name)]
public sealed class ExecTests : IDisposable
{
    private readonly PodmanHost _host;

    public ExecTests(PodmanHost host)
    {
        _host = host;
        host.Detached("--name", "target", "--env", "FROM=container", "busybox", "sleep", "1000");
    }

    public void Dispose() => _host.Remove("target");

    [Fact]
    public void Exec_runs_inside_with_its_own_exit_code()
    {
        _host.Podman("exec", "target", "hostname").ShouldSucceed().ShouldBe(_host.Inspect("target", "{{.Config.Hostname}}"));
        _host.Podman("exec", "target", "sh", "-c", "exit 7").ExitCode.ShouldBe(7);
        _host.Podman("exec", "target", "no-such-command").ShouldFail(127, "no-such-command", "not found in $PATH");
        _host.Podman("exec", "target", "/etc/passwd").ShouldFail(126, "permission denied");
    }

    [Fact]
    public void Exec_takes_user_directory_and_environment()
    {
        _host.Podman("exec", "--user", "alice", "target", "id", "-un").ShouldSucceed().ShouldBe("alice");
        _host.Podman("exec", "--workdir", "/etc", "--env", "MORE=exec", "target", "sh", "-c", "echo $PWD $FROM $MORE").ShouldSucceed().ShouldBe("/etc container exec");
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
        terminal.Send("tty; stty size; echo $FROM\n");
        terminal.Expect("/dev/pts/");
        terminal.Expect("24 80");
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
    public void A_detached_exec_goes_on()
    {
        _host.Podman("exec", "-d", "target", "sh", "-c", "echo done >/detached").ShouldSucceed();
        Polling.ShouldCome(() => _host.Podman("exec", "target", "cat", "/detached").Text == "done", "the detached command writes");
    }

    [Fact]
    public void A_health_check_says_healthy_or_not()
    {
        _host.Detached(
            "--name", "patient", "--health-cmd", "test -e /healthy", "--health-interval", "disable", "--health-retries", "1", "busybox", "sleep", "1000");
        _host.Podman("healthcheck", "run", "patient").ExitCode.ShouldBe(1);
        _host.Podman("exec", "patient", "touch", "/healthy").ShouldSucceed();
        _host.Podman("healthcheck", "run", "patient").ShouldSucceed();
        _host.Inspect("patient", "{{.State.Health.Status}}").ShouldBe("healthy");
        _host.Remove("patient");
    }
}
