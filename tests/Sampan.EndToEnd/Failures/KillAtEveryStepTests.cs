namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Kills a command at every system call that changes state or meets another process: for each kind of call at the n-th, for n from 1 until
/// nothing is left to kill (strace counts each kind for itself). strace does the killing (inject=…:signal=KILL:when=n), so the binary needs
/// no hook for it. Three ways to die: every process of the tree (client,
/// monitor and container) at its own n-th call, the client alone, the monitor of a running container alone.
/// </summary>
public sealed class KillAtEveryStepTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Limit = 2000;

    // Those that change something, or meet another process: to die at one that does neither is to die at the next that does.
    private static readonly string[] Calls =
    [
        "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat", "symlinkat", "fsync", "fdatasync", "ftruncate", "write", "pwrite64",
        "sendto", "sendmsg", "recvmsg", "socketpair", "connect", "bind", "listen", "clone", "clone3", "execve", "execveat", "mount", "umount2", "fsmount", "open_tree", "move_mount",
        "mount_setattr", "pivot_root", "setns", "unshare", "wait4", "waitid", "pidfd_send_signal", "kill",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_run(bool all)
    {
        AtEveryStep(step =>
        {
            var through = RunKilledAt(host, step, all, "run", "--rm", "--name", "struck", "busybox", "true");
            AfterwardsAllIsWell(step, "run");
            return through;
        });
        host.Sampan("run", "--rm", "--name", "struck", "busybox", "echo", "well").ShouldSucceed().ShouldBe("well");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_run_in_the_background(bool all)
    {
        AtEveryStep(step =>
        {
            // strace stays until the last of them has ended, so the container must end by itself.
            var through = RunKilledAt(host, step, all, "run", "-d", "--name", "struck", "busybox", "sleep", "0.2");
            AfterwardsAllIsWell(step, "run -d");
            return through;
        });
    }

    [Fact]
    public void Of_rm()
    {
        AtEveryStep(step =>
        {
            host.Detached("--name", "struck", "busybox", "sleep", "98765");
            var through = RunKilledAt(host, step, true, "rm", "-f", "struck");
            AfterwardsAllIsWell(step, "rm");
            return through;
        });
    }

    [Fact]
    public void Of_stop()
    {
        AtEveryStep(step =>
        {
            host.Detached("--name", "struck", "busybox", "sleep", "98765");
            var through = RunKilledAt(host, step, true, "stop", "-t", "0", "struck");
            host.Status("struck").ShouldBeOneOf("running", "exited");
            AfterwardsAllIsWell(step, "stop");
            return through;
        });
    }

    [Theory]
    [InlineData("stop", "-t", "0")]
    [InlineData("rm", "-f")]
    public void Of_the_monitor_while_its_container_is_ended(params string[] verb)
    {
        AtEveryStep(step =>
        {
            var id = host.Detached("--name", "struck", "busybox", "sleep", "98765");
            var monitor = host.Monitor(id);
            var log = Path.Combine(host.Folder, "calls");
            using var tracer = new RunningCommand("strace", ["-q", "-o", log, .. Injection(step), "-p", $"{monitor}"]);
            // It may have had calls left to make after its container was up, and be dead already.
            Patience.ShouldCome(() => Processes.Status(monitor, "TracerPid") == $"{tracer.Pid}" || tracer.HasExited, "strace has the monitor");
            _ = host.Sampan([.. verb, "struck"]);
            tracer.Wait();
            host.Sampan("ps", "-q").ShouldSucceed().ShouldBeEmpty($"after a kill at step {step} of the monitor in {verb[0]}");
            AfterwardsAllIsWell(step, "the monitor in " + verb[0]);
            return !WasKilled(log);
        });
    }

    [Fact]
    public void Of_commit()
    {
        host.Sampan("create", "--name", "source", "busybox", "true").ShouldSucceed();
        host.Sampan("start", "-a", "source").ShouldSucceed();
        AtEveryStep(step =>
        {
            var through = RunKilledAt(host, step, true, "commit", "source", "result");
            IsThereOrNot(host, "result");
            return through;
        });
        host.Sampan("rm", "source").ShouldSucceed();
        host.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
    }

    [Fact]
    public void Of_load()
    {
        var file = Path.Combine(host.Folder, "image.tar");
        host.Sampan("save", "-o", file, "busybox").ShouldSucceed();
        using var other = new Host();
        AtEveryStep(step =>
        {
            var through = RunKilledAt(other, step, true, "load", "-i", file);
            IsThereOrNot(other, "busybox");
            return through;
        });
        other.Sampan("load", "-i", file).ShouldSucceed();
        other.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
    }

    private static void AtEveryStep(Func<(string Call, int Number), bool> gotThrough)
    {
        var kills = 0;
        foreach (var call in Calls)
        {
            for (var number = 1; !gotThrough((call, number)); number++)
            {
                number.ShouldBeLessThan(Limit, "the command makes ever more calls");
                kills++;
            }
        }

        kills.ShouldBeGreaterThan(3);
    }

    /// <summary>Runs a command with the kill at step n; true when there was no process left to kill.</summary>
    private static bool RunKilledAt(Host where, (string Call, int Number) step, bool all, params string[] arguments)
    {
        var log = Path.Combine(where.Folder, "calls");
        string[] follow = all ? ["-f"] : [];
        using var command = new RunningCommand("strace", [.. follow, "-q", "-o", log, .. Injection(step), Host.Binary, .. where.Arguments(arguments)]);
        command.CloseInput();
        command.Wait();
        return !WasKilled(log);
    }

    private static string[] Injection((string Call, int Number) step) => ["-e", "trace=" + step.Call, "-e", $"inject={step.Call}:signal=KILL:when={step.Number}"];

    private static bool WasKilled(string log) => File.ReadAllText(log).Contains("killed by SIGKILL", StringComparison.Ordinal);

    private void AfterwardsAllIsWell((string Call, int Number) step, string verb)
    {
        var listed = host.Sampan("ps", "-aq", "--no-trunc");
        listed.ExitCode.ShouldBe(0, $"after kill at step {step} of {verb}: {listed}");
        if (listed.Lines.Count > 0)
        {
            var removed = host.Sampan(["rm", "-f", .. listed.Lines]);
            // One that was to remove itself may be gone by now.
            removed.ExitCode.ShouldBeOneOf(0, 1);
        }

        Patience.ShouldCome(() => host.Monitors().Count == 0, $"a monitor is left after a kill at step {step} of {verb}");
        host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty($"after a kill at step {step} of {verb}");
        Entries("containers").ShouldBeEmpty($"after a kill at step {step} of {verb}");
        Entries("names").ShouldBeEmpty($"after a kill at step {step} of {verb}");
        Host.Shell("find /sys/fs/cgroup -path '*/sampan/*' -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do tr '\\0' ' ' < /proc/$pid/cmdline; echo; done | grep -c 'sleep 98765' || true").ShouldBe("0");
    }

    private static void IsThereOrNot(Host where, string image)
    {
        if (where.Sampan("images", "-q", image).ShouldSucceed().Length > 0)
        {
            where.Sampan("run", "--rm", image, "true").ShouldSucceed();
            where.Sampan("rmi", image).ShouldSucceed();
        }
    }

    private string[] Entries(string folder)
    {
        var path = Path.Combine(host.Root, folder);
        return Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
    }
}
