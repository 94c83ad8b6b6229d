namespace Sampan.EndToEnd.Runtime;

/// <summary>What exec can be told, by what the process gets (runc-exec(8)).</summary>
public sealed class ExecFlagTests(ExecFlagTests.Fixture fixture) : IClassFixture<ExecFlagTests.Fixture>
{
    private BundleHost Bundles => fixture.Bundles;

    private string Exec(params string[] arguments) => Bundles.Runtime(["exec", .. arguments]).ShouldSucceed();

    [Fact]
    public void User_and_groups() => Exec("--user", "1000:100", "--additional-gids", "7", "--additional-gids", "9", "box", "sh", "-c", "id -u; id -G").ShouldBe("1000\n100 7 9");

    [Fact]
    public void A_working_directory() => Exec("--cwd", "/tmp", "box", "pwd").ShouldBe("/tmp");

    [Fact]
    public void Variables() => Exec("-e", "ONE=1", "-e", "TWO=2 2", "box", "sh", "-c", "echo $ONE $TWO").ShouldBe("1 2 2");

    [Fact]
    public void Further_capabilities()
    {
        var own = Convert.ToUInt64(Exec("box", "sh", "-c", "grep CapEff /proc/self/status | cut -f2"), 16);
        var more = Convert.ToUInt64(Exec("--cap", "CAP_SYS_PTRACE", "box", "sh", "-c", "grep CapEff /proc/self/status | cut -f2"), 16);
        more.ShouldBe(own | 1UL << 19);
    }

    [Fact]
    public void An_unknown_capability_is_warned_of()
    {
        var result = Bundles.Runtime("exec", "--cap", "CAP_FUTURE", "box", "echo", "ran");
        result.ShouldSucceed().ShouldBe("ran");
        result.Error.ShouldContain("level=warning");
        result.Error.ShouldContain("CAP_FUTURE");
    }

    [Fact]
    public void No_new_privileges()
    {
        Exec("box", "grep", "NoNewPrivs", "/proc/self/status").ShouldBe("NoNewPrivs:\t0");
        Exec("--no-new-privs", "box", "grep", "NoNewPrivs", "/proc/self/status").ShouldBe("NoNewPrivs:\t1");
    }

    [Fact]
    public void Labels_are_refused_where_no_module_knows_them()
    {
        Assert.SkipWhen(Directory.Exists("/sys/kernel/security/apparmor") || Directory.Exists("/sys/fs/selinux"), "this host has a security module");
        Bundles.Runtime("exec", "--apparmor", "profile", "box", "true").ShouldFail(255, "apparmor");
        Bundles.Runtime("exec", "--process-label", "a:b:c:d", "box", "true").ShouldFail(255, "selinux");
    }

    [Fact]
    public void Preserved_descriptors()
    {
        var file = Path.Combine(Bundles.Folder, "text");
        File.WriteAllText(file, "handed over\n");
        Bundles.Shell($"exec 3<{file} 4<{file}; \"$@\" exec --preserve-fds 1 box sh -c 'cat <&3; test -e /proc/self/fd/4 || echo no more'").ShouldSucceed()
            .ShouldBe("handed over\nno more");
    }

    [Fact]
    public void Activation_sockets()
    {
        Assert.SkipWhen(BundleHost.IsPeer, "runc hands them to a container's first process only");
        var file = Path.Combine(Bundles.Folder, "socket");
        File.WriteAllText(file, "handed over\n");
        Bundles.Shell($"exec 3<{file}; LISTEN_FDS=1 LISTEN_PID=$$ \"$@\" exec box sh -c 'cat <&3; echo $LISTEN_FDS'").ShouldSucceed().ShouldBe("handed over\n1");
    }

    [Fact]
    public void A_paused_container_takes_a_process_that_waits_with_the_others()
    {
        Bundles.Sleeping("paused");
        Bundles.Runtime("pause", "paused").ShouldSucceed();
        Bundles.Runtime("exec", "paused", "echo", "ran").ShouldFail(255, "paused");
        using var exec = Bundles.Start("exec", "--ignore-paused", "paused", "echo", "ran");
        exec.CloseInput();
        Patience.ShouldCome(() => Members("paused") > 1 || exec.HasExited, "the process has joined");
        exec.HasExited.ShouldBeFalse();
        exec.Output.ShouldBeEmpty();
        Bundles.Runtime("resume", "paused").ShouldSucceed();
        exec.Wait().ShouldSucceed().ShouldBe("ran");
    }

    [Fact]
    public void A_group_inside_the_containers()
    {
        var id = Fixture.Group;
        Host.Shell("for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do test ! -e \"$tree/$1/cgroup.procs\" || mkdir -p \"$tree/$1/inner\"; done; "
            + "for file in cpus mems; do set=/sys/fs/cgroup/cpuset/$1; test ! -e \"$set\" || cat \"$set/cpuset.$file\" >\"$set/inner/cpuset.$file\"; done", id);
        var lines = Exec("--cgroup", "inner", "box", "cat", "/proc/self/cgroup").Split('\n');
        lines.ShouldContain(line => line.EndsWith("/inner", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("0::", StringComparison.Ordinal) && !line.EndsWith("/inner", StringComparison.Ordinal));
        if (Directory.Exists("/sys/fs/cgroup/pids"))
        {
            var pids = Exec("--cgroup", "pids,memory:inner", "box", "cat", "/proc/self/cgroup").Split('\n');
            pids.Where(line => line.EndsWith("/inner", StringComparison.Ordinal)).Select(line => line.Split(':')[1]).Order().ShouldBe(["memory", "pids"]);
            Bundles.Runtime("exec", "--cgroup", "nothing:inner", "box", "true").ShouldFail(255, "unknown controller nothing");
        }

        Bundles.Runtime("exec", "--cgroup", "missing", "box", "true").ShouldFail(255, "missing", "no such file");
        Bundles.Runtime("exec", "--cgroup", "../other", "box", "true").ShouldFail(255, "../other is not a sub cgroup path");
        Bundles.Runtime("exec", "--cgroup", "a", "--cgroup", "b", "box", "true").ShouldFail(255, "missing <controller>: prefix");
        Bundles.Runtime("exec", "--cgroup", "a:b:c", "box", "true").ShouldFail(255, "invalid --cgroup argument: a:b:c");
    }

    private static int Members(string id) =>
        Host.Shell("cat /sys/fs/cgroup/freezer/$1/tasks /sys/fs/cgroup/unified/$1/cgroup.procs /sys/fs/cgroup/$1/cgroup.procs 2>/dev/null | sort -u", $"sampan-oci-{Environment.ProcessId}/{id}").Split('\n').Length;

    /// <summary>One container for all of them.</summary>
    public sealed class Fixture : IDisposable
    {
        public Fixture() => Bundles.Sleeping("box", config => config["process"]!["noNewPrivileges"] = false);

        public static string Group => $"sampan-oci-{Environment.ProcessId}/box";

        public BundleHost Bundles { get; } = new();

        public void Dispose() => Bundles.Dispose();
    }
}
