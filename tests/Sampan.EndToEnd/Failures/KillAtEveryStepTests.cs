namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Kills every process of a command at its n-th system call that changes or asks for state, for n from 1 until the command
/// gets through. strace does the killing (inject=…:signal=KILL:when=n), so the binary needs no hook for it; with -f each
/// process of the tree, client, monitor and container, dies at its own n-th call.
/// </summary>
public sealed class KillAtEveryStepTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Calls = "openat,openat2,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlinkat,fsync,fdatasync,flock,write,pwrite64,sendto,sendmsg,"
        + "socket,socketpair,connect,bind,listen,clone,clone3,execve,mount,umount2,fsopen,fsconfig,fsmount,move_mount,open_tree,mount_setattr,pivot_root,setns,unshare,prctl,close_range,wait4,waitid,pidfd_send_signal,kill";

    /// <summary>Runs a command with the kill at step n; true when it got through without reaching that step.</summary>
    private bool RunKilledAt(int step, params string[] arguments)
    {
        using var command = new RunningCommand("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=" + Calls, "-e", $"inject={Calls}:signal=KILL:when={step}", Host.Binary, .. host.Arguments(arguments)]);
        command.CloseInput();
        var result = command.Wait();
        return result.ExitCode == 0;
    }

    private void AfterwardsAllIsWell(int step, string verb)
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

    private string[] Entries(string folder)
    {
        var path = Path.Combine(host.Root, folder);
        return Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
    }

    /// <summary>Every step to begin with, later ones in growing strides: what happens there repeats.</summary>
    private static IEnumerable<int> Steps(int limit)
    {
        for (var step = 1; step < limit; step += 1 + (step / 24))
        {
            yield return step;
        }
    }

    [Fact]
    public void Of_run()
    {
        foreach (var step in Steps(600))
        {
            var through = RunKilledAt(step, "run", "--rm", "--name", "struck", "busybox", "true");
            AfterwardsAllIsWell(step, "run");
            if (through)
            {
                break;
            }
        }

        host.Sampan("run", "--rm", "--name", "struck", "busybox", "echo", "well").ShouldSucceed().ShouldBe("well");
    }

    [Fact]
    public void Of_run_in_the_background()
    {
        foreach (var step in Steps(600))
        {
            // strace stays until the last of them has ended, so the container must end by itself.
            var through = RunKilledAt(step, "run", "-d", "--name", "struck", "busybox", "sleep", "0.2");
            AfterwardsAllIsWell(step, "run -d");
            if (through)
            {
                break;
            }
        }
    }

    [Fact]
    public void Of_rm()
    {
        foreach (var step in Steps(400))
        {
            host.Detached("--name", "struck", "busybox", "sleep", "98765");
            var through = RunKilledAt(step, "rm", "-f", "struck");
            AfterwardsAllIsWell(step, "rm");
            if (through)
            {
                break;
            }
        }
    }

    [Fact]
    public void Of_stop()
    {
        foreach (var step in Steps(400))
        {
            host.Detached("--name", "struck", "busybox", "sleep", "98765");
            var through = RunKilledAt(step, "stop", "-t", "0", "struck");
            host.Status("struck").ShouldBeOneOf("running", "exited");
            AfterwardsAllIsWell(step, "stop");
            if (through)
            {
                break;
            }
        }
    }

    [Fact]
    public void Of_commit()
    {
        host.Sampan("create", "--name", "source", "busybox", "true").ShouldSucceed();
        host.Sampan("start", "-a", "source").ShouldSucceed();
        foreach (var step in Steps(600))
        {
            var through = RunKilledAt(step, "commit", "source", "result");
            var known = host.Sampan("images", "-q", "result").ShouldSucceed();
            if (known.Length > 0)
            {
                host.Sampan("run", "--rm", "result", "true").ShouldSucceed();
                host.Sampan("rmi", "result").ShouldSucceed();
            }

            if (through)
            {
                break;
            }
        }

        host.Sampan("rm", "source").ShouldSucceed();
        host.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
    }

    [Fact]
    public void Of_load()
    {
        var file = Path.Combine(host.Folder, "image.tar");
        host.Sampan("save", "-o", file, "busybox").ShouldSucceed();
        using var other = new Host();
        foreach (var step in Steps(2000))
        {
            using var command = new RunningCommand("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=" + Calls, "-e", $"inject={Calls}:signal=KILL:when={step}", Host.Binary, .. other.Arguments("load", "-i", file)]);
            command.CloseInput();
            var result = command.Wait();
            if (other.Sampan("images", "-q", "busybox").ShouldSucceed().Length > 0)
            {
                other.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
                other.Sampan("rmi", "busybox").ShouldSucceed();
            }

            if (result.ExitCode == 0)
            {
                break;
            }
        }

        other.Sampan("load", "-i", file).ShouldSucceed();
        other.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
    }
}
