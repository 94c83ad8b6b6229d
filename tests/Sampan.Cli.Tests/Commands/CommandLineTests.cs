namespace Sampan.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly CapturedOutput _captured = new();

    public void Dispose() => _captured.Dispose();

    [Theory]
    [InlineData("-v")]
    [InlineData("--version")]
    public void Version(string flag) => _captured.Run(flag).ShouldBe((0, "Sampan version 0.1.0\n", ""));

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("help")]
    public void Root_help(string line)
    {
        var (exitCode, output, error) = _captured.Run(line.Length == 0 ? [] : [line]);
        exitCode.ShouldBe(0);
        error.ShouldBeEmpty();
        output.ShouldStartWith("Usage:  sampan [OPTIONS] COMMAND\n\nA container engine without a daemon\n\nCommon Commands:\n  run         Create and run a new container from an image\n");
        output.ShouldContain("\nManagement Commands:\n  container   Manage containers\n");
        output.ShouldNotContain("monitor ");
        output.ShouldEndWith("\nRun 'sampan COMMAND --help' for more information on a command.\n");
    }

    [Fact]
    public void Command_help_is_in_dockers_layout() => _captured.Run("container", "rm", "--help").Out.ShouldBe(
        """
        Usage:  sampan container rm [OPTIONS] CONTAINER [CONTAINER...]

        Remove one or more containers

        Aliases:
          sampan container rm, sampan container remove, sampan rm

        Options:
          -f, --force     Force the removal of a running container (uses SIGKILL)
          -l, --link      Remove the specified link
          -v, --volumes   Remove anonymous volumes associated with the container

        """);

    [Fact]
    public void Group_help() => _captured.Run("volume").Out.ShouldBe(
        """
        Usage:  sampan volume COMMAND

        Manage volumes

        Commands:
          create      Create a volume
          inspect     Display detailed information on one or more volumes
          ls          List volumes
          prune       Remove unused local volumes
          rm          Remove one or more volumes. You cannot remove a volume that is in use by a container.

        Run 'sampan volume COMMAND --help' for more information on a command.

        """);

    [Fact]
    public void Help_of_a_command_is_the_same_both_ways() => _captured.Run("help", "ps").ShouldBe(_captured.Run("ps", "--help"));

    [Fact]
    public void An_unknown_group_member_is_named() =>
        _captured.Run("volume", "bogus").Error.ShouldStartWith("sampan: unknown command: sampan volume bogus\n\nUsage:  sampan volume COMMAND\n");

    [Fact]
    public void Every_command_has_help_and_an_error_that_points_to_it()
    {
        foreach (var entry in Sampan.Cli.Commands.CommandTable.Entries)
        {
            foreach (var path in entry.Paths)
            {
                var help = _captured.Run([.. path.Split(' '), "--help"]);
                help.ExitCode.ShouldBe(0, path);
                help.Out.ShouldStartWith($"Usage:  sampan {path}");
                var wrong = _captured.Run([.. path.Split(' '), "--no-such-flag"]);
                wrong.ExitCode.ShouldBe(125, path);
                wrong.Error.ShouldContain($"unknown flag: --no-such-flag");
                wrong.Error.ShouldEndWith($"Run 'sampan {path} --help' for more information\n");
            }
        }
    }

    [Theory]
    [InlineData("run --use-api-socket busybox", "unsupported flag: --use-api-socket: there is no API socket")]
    [InlineData("run --cpu-count 2 busybox", "unsupported flag: --cpu-count: it is for Windows containers")]
    public void What_docker_has_and_we_have_not_is_refused_by_name(string line, string message)
    {
        var (exitCode, _, error) = _captured.Run(line.Split(' '));
        exitCode.ShouldBe(125);
        error.ShouldStartWith(message);
    }

    [Theory]
    [InlineData("run --network host --ip 10.0.0.9 busybox", "sampan: user specified IP address is supported on user defined networks only")]
    [InlineData("run --network none --network-alias a busybox", "sampan: network-scoped alias is supported only for containers in user defined networks")]
    [InlineData("run --network none --network a busybox", "sampan: conflicting options: cannot attach both user-defined and non-user-defined network-modes")]
    [InlineData("run --network name=a,ip=10.0.0.9 --ip 10.0.0.8 busybox", "sampan: conflicting options: cannot specify both --ip and per-network IPv4 address")]
    [InlineData("run -p x busybox", "sampan: invalid containerPort: x")]
    [InlineData("run --network none -p 80 busybox", "sampan: nothing can be published of a container without a network: give --network bridge")]
    [InlineData("run --network container: busybox", "sampan: invalid container format container:<name|id>")]
    [InlineData("run --rm --restart always busybox", "sampan: conflicting options: cannot specify both --restart and --rm")]
    [InlineData("run --no-healthcheck --health-cmd true busybox", "sampan: --no-healthcheck conflicts with --health-* options")]
    [InlineData("run --pid foo busybox", "sampan: --pid: invalid PID mode")]
    [InlineData("run --ipc foo busybox", "sampan: --ipc: invalid IPC mode")]
    [InlineData("run --uts foo busybox", "sampan: --uts: invalid UTS mode")]
    [InlineData("run --userns foo busybox", "sampan: --userns: invalid USER mode")]
    [InlineData("run --cgroupns foo busybox", "sampan: --cgroupns: invalid CGROUP mode")]
    [InlineData("run -d -a stdin busybox", "sampan: conflicting options: cannot specify both --attach and --detach")]
    [InlineData("run --cpus 1 --cpu-quota 5 busybox", "sampan: conflicting options: Nano CPUs and CPU Quota cannot both be set.")]
    [InlineData("run --oom-score-adj 1001 busybox", "sampan: invalid value 1001, range for oom score adj is [-1000, 1000]")]
    [InlineData("run --security-opt foo=bar busybox", "sampan: invalid --security-opt: \"foo=bar\"")]
    [InlineData("run --security-opt seccomp=/nonexistent busybox", "sampan: open /nonexistent: no such file or directory (ENOENT)")]
    [InlineData("run --stop-signal FOO busybox", "sampan: invalid signal: FOO")]
    [InlineData("run --env-file /nonexistent busybox", "sampan: open /nonexistent: no such file or directory (ENOENT)")]
    [InlineData("run --log-driver loki busybox", "sampan: logger: no log driver named 'loki' is registered: there are json-file, local, journald, syslog and none")]
    [InlineData("run --log-driver none --log-opt tag=x busybox", "sampan: invalid logging opts for driver none")]
    [InlineData("run --disable-content-trust=false busybox", "sampan: --disable-content-trust=false: run asks no Notary server: name images by digest, and leave the flag out")]
    [InlineData("run --memory-swappiness 101 busybox", "sampan: invalid value: 101. Valid memory swappiness range is 0-100")]
    [InlineData("run --runtime crun busybox", "sampan: unknown or invalid runtime name: crun: sampan starts containers itself and has no other runtime")]
    public void A_run_that_fails_before_it_starts_exits_125(string line, string message) =>
        _captured.RunIsolated(line.Split(' ')).ShouldBe((125, "", message + "\n"));

    [Theory]
    [InlineData("stop nobody", "sampan: No such container: nobody\n")]
    [InlineData("logs nobody", "sampan: No such container: nobody\n")]
    [InlineData("wait a b", "sampan: No such container: a\nsampan: No such container: b\n")]
    [InlineData("kill -s FOO x", "sampan: invalid signal: FOO\n")]
    [InlineData("ps --filter foo=bar", "sampan: invalid filter 'foo'\n")]
    [InlineData("images --filter foo=bar", "sampan: invalid filter 'foo'\n")]
    [InlineData("volume ls --filter foo=bar", "sampan: invalid filter 'foo'\n")]
    [InlineData("ps --filter status=foo", "sampan: invalid filter 'status=foo'\n")]
    [InlineData("inspect --type foo x", "sampan: unknown type: \"foo\": must be one of \"container\", \"image\", \"network\", \"volume\"\n")]
    [InlineData("history nothing", "sampan: No such image: nothing:latest\n")]
    [InlineData("completion tcsh", "sampan: unknown shell \"tcsh\": bash, zsh or fish\n")]
    public void Other_commands_exit_1_with_one_line_each(string line, string message) =>
        _captured.RunIsolated(line.Split(' ')).ShouldBe((1, "", message));

    [Fact]
    public void Removing_by_force_what_is_not_there_is_no_failure() =>
        _captured.RunIsolated("rm", "-f", "nobody").ShouldBe((0, "", "sampan: No such container: nobody\n"));

    [Fact]
    public void Inspect_of_nothing_prints_an_empty_array() =>
        _captured.RunIsolated("inspect", "nobody").ShouldBe((1, "[]\n", "sampan: No such object: nobody\n"));

    [Fact]
    public void Empty_lists_have_their_headings()
    {
        _captured.RunIsolated("ps").Out.ShouldBe("CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
        _captured.RunIsolated("images").Out.ShouldBe("REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n");
        _captured.RunIsolated("volume", "ls").Out.ShouldBe("DRIVER    VOLUME NAME\n");
        _captured.RunIsolated("ps", "-q").Out.ShouldBeEmpty();
    }

    [Fact]
    public void Volumes_live_a_life()
    {
        _captured.RunIsolated("volume", "create", "--label", "a=1", "data").ShouldBe((0, "data\n", ""));
        _captured.RunIsolated("volume", "ls", "-q", "-f", "label=a").Out.ShouldBe("data\n");
        _captured.RunIsolated("volume", "ls", "-q", "-f", "label=b").Out.ShouldBeEmpty();
        _captured.RunIsolated("volume", "inspect", "-f", "{{.Mountpoint}} {{.Labels.a}}", "data").Out.ShouldBe($"{_captured.Root}/volumes/data/_data 1\n");
        _captured.RunIsolated("volume", "rm", "data").ShouldBe((0, "data\n", ""));
        _captured.RunIsolated("volume", "rm", "data").ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Version_has_formats() => _captured.Run("version", "--format", "{{.Client.Version}} {{.Server.Os}}").Out.ShouldBe("0.1.0 linux\n");

    [Theory]
    [InlineData("bash", "complete -F _sampan sampan")]
    [InlineData("zsh", "#compdef sampan")]
    [InlineData("fish", "complete -c sampan")]
    public void Completion_knows_all_commands_and_flags(string shell, string mark)
    {
        var script = _captured.Run("completion", shell).Out;
        script.ShouldContain(mark);
        script.ShouldContain("cpuset-cpus");
        script.ShouldContain("{{.Names}}");
        script.ShouldNotContain("__GLOBALS__");
    }

    [Fact]
    public void The_manual_page_is_roff_and_names_every_command()
    {
        var page = _captured.Run("man").Out;
        page.ShouldStartWith(".TH SAMPAN 1");
        foreach (var entry in Sampan.Cli.Commands.CommandTable.Entries.Where(entry => !entry.Hidden))
        {
            page.ShouldContain($".SS {(entry.TopLevelName ?? entry.Paths[0]).Replace("-", "\\-", StringComparison.Ordinal)}\n");
        }
    }
}
