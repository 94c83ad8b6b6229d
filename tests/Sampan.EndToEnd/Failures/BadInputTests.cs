namespace Sampan.EndToEnd.Failures;

/// <summary>Each mistake is told in one line that names the object and the way out, and nothing half-made stays.</summary>
public sealed class BadInputTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private string RootFilesystemWith(string name, string content)
    {
        var rootfs = host.MakeRootFilesystem(name);
        var program = Path.Combine(rootfs, "bin/program");
        File.WriteAllText(program, content);
        Host.Shell("chmod 755 \"$1\"", program);
        return rootfs;
    }

    [Fact]
    public void A_missing_interpreter_is_told()
    {
        var rootfs = RootFilesystemWith("interpreter", "#!/usr/bin/python9\n");
        host.Sampan("run", "--rm", "--rootfs", rootfs, "/bin/program").ShouldFailInOneLine(127, "/bin/program", "no such file or directory");
    }

    [Fact]
    public void A_shebang_with_a_carriage_return_is_told()
    {
        var rootfs = RootFilesystemWith("carriage", "#!/bin/sh\r\necho hello\r\n");
        var line = host.Sampan("run", "--rm", "--rootfs", rootfs, "/bin/program").ShouldFailInOneLine(127, "/bin/program");
        line.ShouldContain("CRLF", Case.Insensitive);
    }

    [Fact]
    public void A_program_for_another_machine_is_told()
    {
        var rootfs = RootFilesystemWith("foreign", "");
        // An ELF header for s390x, which neither supported machine executes.
        File.WriteAllBytes(Path.Combine(rootfs, "bin/program"), [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 2, 1, .. new byte[9], 0, 2, 0, 22, .. new byte[44]]);
        host.Sampan("run", "--rm", "--rootfs", rootfs, "/bin/program").ShouldFailInOneLine(126, "/bin/program", "exec format error");
    }

    [Fact]
    public void A_text_without_a_shebang_is_told()
    {
        var rootfs = RootFilesystemWith("text", "echo no shebang\n");
        host.Sampan("run", "--rm", "--rootfs", rootfs, "/bin/program").ShouldFailInOneLine(126, "/bin/program", "exec format error");
    }

    [Theory]
    [InlineData("-v", "/only-a-host-path:", "/only-a-host-path")]
    [InlineData("-v", "relative/path:/x", "relative/path")]
    [InlineData("-v", "/a:/b:sideways", "sideways")]
    [InlineData("-v", "/a:/", "/")]
    [InlineData("--tmpfs", "relative", "relative")]
    [InlineData("-e", "=1", "=1")]
    [InlineData("--env-file", "/no/such/file", "/no/such/file")]
    [InlineData("--ulimit", "flying=1", "flying")]
    [InlineData("--ulimit", "nofile=2:1", "nofile")]
    [InlineData("--shm-size", "large", "large")]
    [InlineData("--stop-signal", "SIGNOTHING", "SIGNOTHING")]
    [InlineData("--security-opt", "unknown=1", "unknown")]
    [InlineData("--sysctl", "nonsense", "nonsense")]
    [InlineData("--oom-score-adj", "5000", "5000")]
    [InlineData("--pids-limit", "many", "many")]
    [InlineData("--memory-swap", "1m", "swap")]
    [InlineData("--group-add", "no-such-group", "no-such-group")]
    [InlineData("--ipc", "container:nobody", "nobody")]
    public void A_bad_value_names_itself(string flag, string value, string word)
    {
        string[] memory = flag == "--memory-swap" ? ["-m", "64m"] : [];
        host.Sampan(["run", "--rm", .. memory, flag, value, "busybox", "true"]).ShouldFail(125, word);
        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Missing_arguments_are_told_with_the_usage()
    {
        host.Sampan("run").ShouldFail(1, "requires at least 1 argument");
        host.Sampan("exec", "x").ShouldFail(1, "requires at least 2 arguments");
        host.Sampan("rm").ShouldFail(1, "requires at least 1 argument");
        host.Sampan("tag", "x").ShouldFail(1, "requires 2 arguments");
    }

    [Fact]
    public void An_image_reference_must_be_one()
    {
        host.Sampan("run", "--rm", "Bad Image", "true").ShouldFailInOneLine(125, "invalid reference format");
        host.Sampan("run", "--rm", "busybox:no such tag", "true").ShouldFailInOneLine(125, "invalid reference format");
        host.Sampan("run", "--rm", "busybox:other", "true").ShouldFail(125, "Unable to find image 'busybox:other' locally\nsampan: registry docker.io is blocked in ");
    }

    [Fact]
    public void An_image_without_a_command_needs_one()
    {
        var archive = Path.Combine(host.Folder, "empty.tar");
        File.WriteAllBytes(archive, new TarFile().Folder("empty").ToArray());
        host.Sampan("import", archive, "no-command").ShouldSucceed();
        host.Sampan("run", "--rm", "no-command").ShouldFailInOneLine(125, "no command specified");
        host.Sampan("rmi", "no-command").ShouldSucceed();
    }

    [Fact]
    public void A_failed_start_leaves_a_container_that_tells_why()
    {
        host.Sampan("run", "--name", "failed", "busybox", "no-such-command").ExitCode.ShouldBe(127);
        var state = host.Inspect("failed").GetProperty("State");
        state.GetProperty("Status").GetString().ShouldBe("created");
        state.GetProperty("ExitCode").GetInt32().ShouldBe(127);
        state.GetProperty("Error").GetString()!.ShouldContain("no-such-command");
        host.Sampan("rm", "failed").ShouldSucceed();
    }
}
