namespace Sampan.EndToEnd.Run;

/// <summary>Docker's exit codes (docker run, "Exit status"): 125 engine, 126 cannot be invoked, 127 not found, 128 + signal.</summary>
public sealed class ExitCodeTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void The_commands_own_code_is_passed_on(int code)
    {
        host.Sampan("run", "--rm", "busybox", "sh", "-c", $"exit {code}").ExitCode.ShouldBe(code);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    [InlineData("SEGV", 139)]
    public void Death_by_a_signal_is_128_and_its_number(string signal, int code)
    {
        // The first process of a pid namespace is immune to signals from inside, so the shell's child is the one that dies.
        host.Sampan("run", "--rm", "busybox", "sh", "-c", $"sh -c 'kill -{signal} $$'; exit $?").ExitCode.ShouldBe(code);
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("kill", "-s", "KILL", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("137");
    }

    [Fact]
    public void A_bad_flag_is_125_and_says_where_help_is()
    {
        host.Sampan("run", "--no-such-flag", "busybox").ShouldFail(125, "unknown flag: --no-such-flag", "--help");
        host.Sampan("run", "-X", "busybox").ShouldFail(125, "unknown shorthand flag: 'X' in -X");
        host.Sampan("run", "--memory=much", "busybox").ShouldFail(125, "much");
        host.Sampan("run", "--name").ShouldFail(125, "flag needs an argument: --name");
    }

    [Fact]
    public void An_unknown_image_is_125_and_leaves_no_container()
    {
        host.Sampan("run", "--name", "orphan", "no-such-image", "true")
            .ShouldFail(125, "Unable to find image 'no-such-image:latest' locally\nsampan: registry docker.io is blocked in ");
        host.Sampan("ps", "-a").ShouldSucceed().ShouldNotContain("orphan");
    }

    [Fact]
    public void A_command_that_is_not_there_is_127()
    {
        host.Sampan("run", "--rm", "busybox", "no-such-command").ShouldFailInOneLine(127, "no-such-command", "executable file not found in $PATH");
        host.Sampan("run", "--rm", "busybox", "/no/such/command").ShouldFailInOneLine(127, "/no/such/command", "no such file or directory");
    }

    [Theory]
    [InlineData("/etc/passwd", "permission denied")]
    [InlineData("/etc", "")]
    public void What_cannot_be_executed_is_126(string path, string words)
    {
        host.Sampan("run", "--rm", "busybox", path).ShouldFailInOneLine(126, path, words);
    }

    [Fact]
    public void Exec_has_the_same_codes()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", id, "sh", "-c", "exit 9").ExitCode.ShouldBe(9);
        host.Sampan("exec", id, "no-such-command").ShouldFail(127, "no-such-command");
        host.Sampan("exec", id, "/etc/passwd").ShouldFail(126, "/etc/passwd");
        host.Sampan("exec", "nobody-is-called-this", "true").ShouldFail(1, "no such container: nobody-is-called-this");
        host.Sampan("kill", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed();
        host.Sampan("exec", id, "true").ShouldFail(1, "is not running");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("start")]
    [InlineData("rm")]
    [InlineData("logs")]
    [InlineData("wait")]
    [InlineData("kill")]
    [InlineData("attach")]
    [InlineData("restart")]
    public void An_unknown_container_is_told_by_name(string verb)
    {
        host.Sampan(verb, "nobody").ShouldFail(1, "No such container: nobody");
    }

    [Fact]
    public void An_unknown_command_is_told_by_name()
    {
        host.Sampan("frobnicate").ExitCode.ShouldNotBe(0);
        host.Sampan("frobnicate").Error.ShouldContain("frobnicate");
    }
}
