namespace Sampan.Compat.Docker;

/// <summary>Exit codes and the runtime's words, which dockerd passes on and scripts match on.</summary>
[Collection(DockerCollection.Name)]
public class ExitCodeTests(DockerHost host)
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    [InlineData("kill -11 $$", 139)]
    public void The_exit_code_is_the_processs(string script, int code) =>
        host.Docker("run", "--rm", "--init", "busybox", "sh", "-c", script).ExitCode.ShouldBe(code);

    [Fact]
    public void A_missing_command_is_127()
    {
        host.Docker("run", "--rm", "busybox", "no-such-command")
            .ShouldFail(127, "OCI runtime create failed", "exec: \"no-such-command\": executable file not found in $PATH");
        host.Docker("run", "--rm", "busybox", "/no/such/file").ShouldFail(127, "/no/such/file", "no such file or directory");
    }

    [Fact]
    public void A_command_that_cannot_be_executed_is_126()
    {
        host.Docker("run", "--rm", "busybox", "/etc/passwd").ShouldFail(126, "/etc/passwd", "permission denied");
        host.Docker("run", "--rm", "busybox", "/etc").ShouldFail(126);
    }

    [Fact]
    public void What_the_runtime_refuses_is_125()
    {
        host.Docker("run", "--rm", "--workdir", "/etc/passwd", "busybox", "true").ExitCode.ShouldBeOneOf(125, 126, 127);
        host.Docker("run", "--rm", "--sysctl", "kernel.msgmax=many", "busybox", "true").ShouldFail(125, "OCI runtime create failed", "kernel", "msgmax", "invalid argument");
        host.Docker("run", "--rm", "--user", "nobody-knows", "busybox", "true").ShouldFail(125, "nobody-knows");
    }

    [Fact]
    public void A_failed_create_can_be_tried_again()
    {
        host.Docker("create", "--name", "later", "-v", $"{host.Folder}:/data", "busybox", "/data/script").ShouldSucceed();
        host.Docker("start", "-a", "later").ShouldFail(1, "/data/script", "no such file or directory");
        var script = Path.Combine(host.Folder, "script");
        File.WriteAllText(script, "#!/bin/sh\necho made it\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        host.Docker("start", "-a", "later").ShouldSucceed().ShouldBe("made it");
        host.Remove("later");
    }
}
