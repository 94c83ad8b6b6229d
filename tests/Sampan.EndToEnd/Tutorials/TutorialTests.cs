namespace Sampan.EndToEnd.Tutorials;

/// <summary>
/// The command lines of the "write your own Docker" tutorials with only the program's name replaced. docs/tutorials.md maps
/// each of them to the code that does it.
/// </summary>
public sealed class TutorialTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Prompt = "# ";

    [Fact]
    public void Run_with_a_rootfs_folder()
    {
        var rootfs = host.MakeRootFilesystem("rootfs");

        using var terminal = host.OnTerminal("run", "-it", "-rootfs=" + rootfs, "/bin/sh");
        terminal.Expect(Prompt);
        terminal.Send("ps -ef\n");
        terminal.Expect("/bin/sh");
        terminal.Send("echo $$ is the first; ls -d /bin /etc\n");
        terminal.Expect("1 is the first");
        terminal.Expect("/etc");
        terminal.Send("exit\n");
        terminal.Wait().ShouldBe(0);
    }

    [Fact]
    public void Run_a_shell_on_a_terminal()
    {
        using var terminal = host.OnTerminal("run", "-ti", "busybox", "sh");
        terminal.Expect(Prompt);
        terminal.Send("tty\n");
        terminal.Expect("/dev/");
        terminal.Send("exit 7\n");
        terminal.Wait().ShouldBe(7);
        terminal.SettingsNow.ShouldBe(terminal.SettingsBefore);
    }

    [Fact]
    public void Run_a_named_container_and_see_top()
    {
        using var terminal = host.OnTerminal("run", "-it", "--name", "mycontainer", "busybox", "top");
        terminal.Expect("Mem:");
        host.Status("mycontainer").ShouldBe("running");
        terminal.Send("q");
        terminal.Wait().ShouldBe(0);
        host.Status("mycontainer").ShouldBe("exited");
    }

    [Fact]
    public void Run_in_the_background_with_limits()
    {
        var id = host.Detached("-m", "100m", "-cpushare", "512", "-cpuset", "0", "busybox", "top", "-b");
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe((100 * 1024 * 1024).ToString());
        host.ControlFile(id, "cpuset", "cpuset.cpus", "cpuset.cpus").ShouldBe("0");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("CpuShares").GetInt64().ShouldBe(512);
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Run_with_the_limits_of_gocker()
    {
        host.Sampan("run", "--cpus=0.5", "--mem=64m", "--pids=32", "busybox", "/bin/sh", "-c", "echo limited").ShouldSucceed().ShouldBe("limited");
    }

    [Theory]
    [InlineData("/to1")]
    [InlineData("to1")]
    public void Run_with_a_volume(string target)
    {
        var from = Path.Combine(host.Folder, "from-" + target.TrimStart('/') + target.Length);
        Directory.CreateDirectory(from);

        using var terminal = host.OnTerminal("run", "-it", "-v", $"{from}:{target}", "busybox", "sh");
        terminal.Expect(Prompt);
        terminal.Send("echo hello > /to1/test.txt; exit\n");
        terminal.Wait().ShouldBe(0);
        File.ReadAllText(Path.Combine(from, "test.txt")).ShouldBe("hello\n");
    }

    [Fact]
    public void Run_with_environment_and_look_at_it_with_exec()
    {
        using var terminal = host.OnTerminal("run", "-it", "--name", "env", "-e", "test1=123", "-e", "test2=456", "busybox", "sh");
        terminal.Expect(Prompt);
        terminal.Send("env | grep test | sort\n");
        terminal.Expect("test1=123");
        terminal.Expect("test2=456");

        var seen = host.SampanWithInput("env\n", "exec", "-i", "env", "sh").ShouldSucceed().Split('\n');
        seen.ShouldContain("test1=123");
        seen.ShouldContain("test2=456");

        using var second = host.OnTerminal("exec", "-it", "env", "sh");
        second.Expect(Prompt);
        second.Send("echo $test1-$test2; exit\n");
        second.Expect("123-456");
        second.Wait().ShouldBe(0);

        terminal.Send("exit\n");
        terminal.Wait().ShouldBe(0);
    }

    [Fact]
    public void The_life_of_a_container_in_the_background()
    {
        var id = host.Detached("--name", "bird", "busybox", "top", "-b");
        id.Length.ShouldBe(64);

        var listed = host.Sampan("ps").ShouldSucceed();
        listed.ShouldContain(id[..12]);
        listed.ShouldContain("bird");
        listed.ShouldContain("busybox");

        Patience.ShouldCome(() => host.Sampan("logs", "bird").Output.Contains("Mem:", StringComparison.Ordinal), "top's output is in the log");
        host.Sampan("exec", "bird", "sh", "-c", "ps -ef").ShouldSucceed().ShouldContain("top -b");

        var refused = host.Sampan("rm", "bird").ShouldFail(1, "running");
        refused.ShouldContain("stop");

        host.Sampan("stop", "-t", "1", "bird").ShouldSucceed().ShouldBe("bird");
        host.Status("bird").ShouldBe("exited");
        host.Sampan("ps").ShouldSucceed().ShouldNotContain("bird");
        host.Sampan("ps", "-a").ShouldSucceed().ShouldContain("bird");
        host.Sampan("rm", "bird").ShouldSucceed().ShouldBe("bird");
        host.Sampan("ps", "-a").ShouldSucceed().ShouldNotContain("bird");
    }

    [Fact]
    public void A_container_becomes_an_image_and_the_image_a_file()
    {
        host.Sampan("run", "--name", "container1", "busybox", "sh", "-c", "echo written > /root/note").ShouldSucceed();
        host.Sampan("commit", "container1", "image1").ShouldSucceed().ShouldStartWith("sha256:");
        host.Sampan("images").ShouldSucceed().ShouldContain("image1");
        host.Sampan("run", "--rm", "image1", "cat", "/root/note").ShouldSucceed().ShouldBe("written");

        var file = Path.Combine(host.Folder, "image1.tar");
        host.Sampan("save", "-o", file, "image1").ShouldSucceed();
        Host.Shell("tar -tf \"$1\"", file).ShouldContain("manifest.json");

        host.Sampan("rmi", "image1").ShouldSucceed().ShouldContain("image1");
        host.Sampan("images").ShouldSucceed().ShouldNotContain("image1");
        host.Sampan("load", "-i", file).ShouldSucceed().ShouldContain("image1");
        host.Sampan("run", "--rm", "image1", "cat", "/root/note").ShouldSucceed().ShouldBe("written");

        // The image the container was made from has not changed.
        host.Sampan("run", "--rm", "busybox", "ls", "-A", "/root").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Inside_the_command_is_process_1_and_the_root_is_the_images()
    {
        var lines = host.Run("ps -ef; ls /").Split('\n');
        lines[1].Trim().ShouldMatch(@"^1\s+root\s+(\S+\s+)?sh -c");
        lines.ShouldContain("bin");
        lines.ShouldContain("proc");
        lines.ShouldNotContain("boot");
    }
}
