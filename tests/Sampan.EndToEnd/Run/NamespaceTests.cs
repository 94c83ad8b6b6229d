namespace Sampan.EndToEnd.Run;

/// <summary>Which namespaces are new and which are the host's.</summary>
public sealed class NamespaceTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private static string Own(string name) => Host.Shell("readlink /proc/self/ns/\"$1\"", name);

    [Fact]
    public void Every_namespace_is_new()
    {
        foreach (var name in new[] { "mnt", "pid", "net", "ipc", "uts" })
        {
            host.Run("readlink /proc/self/ns/" + name).ShouldNotBe(Own(name), name);
        }
    }

    [Theory]
    [InlineData("--network", "net")]
    [InlineData("--net", "net")]
    [InlineData("--pid", "pid")]
    [InlineData("--ipc", "ipc")]
    [InlineData("--uts", "uts")]
    [InlineData("--cgroupns", "cgroup")]
    public void A_namespace_can_be_the_hosts(string flag, string name)
    {
        host.Run("readlink /proc/self/ns/" + name, flag, "host").ShouldBe(Own(name));
    }

    [Fact]
    public void A_private_control_group_namespace_shows_the_root()
    {
        host.Run("cut -d: -f3 /proc/self/cgroup | sort -u", "--cgroupns", "private").ShouldBe("/");
    }

    [Fact]
    public void Another_containers_namespace_can_be_joined()
    {
        var id = host.Detached("--name", "first", "busybox", "sleep", "1000");
        host.Run("ps -ef", "--pid", "container:first").ShouldContain("sleep 1000");
        host.Run("readlink /proc/self/ns/net", "--network", "container:" + id).ShouldBe(host.Sampan("exec", id, "readlink", "/proc/self/ns/net").ShouldSucceed());
        host.Sampan("run", "--rm", "--pid", "container:nobody", "busybox", "true").ShouldFailInOneLine(125, "nobody");
    }

    [Fact]
    public void Without_a_network_there_is_only_the_loopback()
    {
        host.Run("ls /sys/class/net; cat /sys/class/net/lo/flags; ping -c 1 -w 5 127.0.0.1 >/dev/null && echo reached", "--network", "none").ShouldBe("lo\n0x9\nreached");
    }

    [Fact]
    public void An_unknown_network_is_refused()
    {
        host.Sampan("run", "--rm", "--network", "no-such-network", "busybox", "true").ShouldFailInOneLine(125, "no-such-network");
        host.Sampan("run", "--rm", "--pid", "sideways", "busybox", "true").ShouldFailInOneLine(125, "PID mode");
    }

    [Fact]
    public void The_clock_and_the_first_process_are_as_a_program_expects()
    {
        host.Run("echo $$; test /proc/1/exe -ef /proc/self/exe && echo same").ShouldStartWith("1");
    }

    [Fact]
    public void An_init_reaps_orphans_and_passes_signals_on()
    {
        host.Run("ps -o pid,comm | awk '$1 == 1 { print $2 }'", "--init").ShouldNotBe("sh");
        // Without an init an orphan's end is not collected by a process that does not wait for it.
        host.Run("sh -c 'sleep 0.1 & exec true'; sleep 0.3; ps -o stat | grep -c ^Z || true", "--init").ShouldBe("0");
        var id = host.Detached("--init", "busybox", "sleep", "1000");
        host.Sampan("stop", "-t", "30", id).ShouldSucceed();
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("143");
    }

    [Fact]
    public void An_init_passes_the_exit_code_on()
    {
        host.Sampan("run", "--rm", "--init", "busybox", "sh", "-c", "exit 5").ExitCode.ShouldBe(5);
        host.Sampan("run", "--rm", "--init", "busybox", "no-such-command").ShouldFail(127, "no-such-command");
    }

    [Fact]
    public void The_ipc_namespace_of_a_container_is_joined_only_when_it_is_shareable()
    {
        var donor = host.Detached("--ipc", "shareable", "busybox", "sleep", "1000");
        host.Run("readlink /proc/self/ns/ipc", "--ipc", "container:" + donor)
            .ShouldBe(host.Sampan("exec", donor, "readlink", "/proc/self/ns/ipc").ShouldSucceed());
        // POSIX shared memory is files: the donor's /dev/shm is the joiner's, both ways.
        host.Sampan("exec", donor, "sh", "-c", "echo donor > /dev/shm/first").ShouldSucceed();
        host.Run("cat /dev/shm/first; echo joiner > /dev/shm/second; grep -c ' /dev/shm ' /proc/mounts", "--ipc", "container:" + donor).ShouldBe("donor\n1");
        host.Sampan("exec", donor, "cat", "/dev/shm/second").ShouldSucceed().ShouldBe("joiner");
        var closed = host.Detached("busybox", "sleep", "1000");
        host.Sampan("run", "--rm", "--ipc", "container:" + closed, "busybox", "true").ShouldFailInOneLine(125, "non-shareable IPC");
        host.Sampan("rm", "-f", donor, closed).ShouldSucceed();
    }

    /// <summary>An engine in a chroot(2), be its root a mount or a mere directory, keeps its containers in their roots.</summary>
    [Theory]
    [InlineData("mount --rbind / \"$1\"")]
    [InlineData("for entry in /*; do test -d \"$entry\" -a ! -h \"$entry\" && mkdir \"$1$entry\" && mount --rbind \"$entry\" \"$1$entry\" || cp -P \"$entry\" \"$1\"; done")]
    public void A_start_from_a_chroot_replaces_the_root_of_the_namespace(string furnish)
    {
        var cage = Path.Combine(host.Folder, "cage" + furnish.Length);
        Directory.CreateDirectory(cage);
        using var run = new RunningCommand("unshare", ["-m", "sh", "-ec", furnish + "; shift; exec chroot \"$0\" \"$@\"", cage, cage, Host.Binary, .. host.Arguments("run", "-i", "--name", "caged", "-v", "/dev/shm/:/seen", "busybox", "sh", "-c", "echo up; read line; ls -d /proc/[0-9]*")]);
        run.Expect("up");
        host.Sampan("exec", "caged", "readlink", "/proc/1/ns/mnt").ShouldSucceed().ShouldBe(host.Sampan("exec", "caged", "readlink", "/proc/self/ns/mnt").ShouldSucceed());
        host.Sampan("exec", "caged", "ls", "/").ShouldSucceed().ShouldBe(host.Run("ls /", "-v", "/dev/shm:/seen"));
        run.Send("\n");
        run.Wait().ExitCode.ShouldBe(0);
        run.Output.ShouldStartWith("up\n/proc/1\n");
        host.Sampan("rm", "caged").ShouldSucceed();
    }
}
