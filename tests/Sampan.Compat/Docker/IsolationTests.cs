namespace Sampan.Compat.Docker;

/// <summary>What a container sees and may do: namespaces, privileges, files.</summary>
[Collection(DockerCollection.Name)]
public class IsolationTests(DockerHost host)
{
    private const string Capabilities = "grep CapEff /proc/self/status | cut -f2";

    private const int Chown = 0;

    private const int SysAdmin = 21;

    [Fact]
    public void Capabilities_are_dockers_defaults_with_what_is_added_and_dropped()
    {
        host.Run(Capabilities).ShouldBe("00000000a80425fb");
        var changed = Convert.ToUInt64(host.Run(Capabilities, "--cap-add", "SYS_ADMIN", "--cap-drop", "CHOWN"), 16);
        (changed >> SysAdmin & 1).ShouldBe(1UL);
        (changed >> Chown & 1).ShouldBe(0UL);
        host.Run(Capabilities, "--cap-drop", "ALL").ShouldBe("0000000000000000");
        host.Run(Capabilities, "--user", "1000").ShouldBe("0000000000000000");
    }

    [Fact]
    public void Seccomp_filters_unless_unconfined()
    {
        host.Run("grep ^Seccomp: /proc/self/status | cut -f2; unshare -U true 2>&1 || true").ShouldBe("2\nunshare: unshare(0x10000000): Operation not permitted");
        host.Run("grep ^Seccomp: /proc/self/status | cut -f2; unshare -U true && echo made", "--security-opt", "seccomp=unconfined").ShouldBe("0\nmade");
        host.Run("grep NoNewPrivs /proc/self/status | cut -f2", "--security-opt", "no-new-privileges").ShouldBe("1");
    }

    [Fact]
    public void Privileged_sees_the_hosts_devices_and_may_mount()
    {
        host.Run("test -c /dev/kmsg && test -w /proc/sys/kernel && mount -t tmpfs none /tmp && echo yes", "--privileged", "--runtime", DockerHost.ConfinedName).ShouldBe("yes");
        host.Run("mount -t tmpfs none /tmp 2>/dev/null || echo refused; head -c 1 /proc/kcore | wc -c; ls /sys/firmware | wc -l; (echo x >/proc/sys/kernel/hostname) 2>/dev/null || echo refused")
            .ShouldBe("refused\n0\n0\nrefused");
    }

    [Fact]
    public void Another_containers_processes_and_memory_are_shared_when_asked()
    {
        host.Detached("--name", "owner", "--ipc", "shareable", "busybox", "sleep", "1234");
        host.Run("ps", "--pid", "container:owner").ShouldContain("sleep 1234");
        host.Run("ps").ShouldNotContain("sleep 1234");
        host.Docker("exec", "owner", "touch", "/dev/shm/shared").ShouldSucceed();
        host.Run("ls /dev/shm; readlink /proc/self/ns/ipc", "--ipc", "container:owner")
            .ShouldBe("shared\n" + host.Docker("exec", "owner", "readlink", "/proc/self/ns/ipc").ShouldSucceed());
        host.Run("readlink /proc/self/ns/net", "--network", "container:owner")
            .ShouldBe(host.Docker("exec", "owner", "readlink", "/proc/self/ns/net").ShouldSucceed());
        host.Remove("owner");
    }

    [Theory]
    [InlineData("--pid", "pid")]
    [InlineData("--ipc", "ipc")]
    [InlineData("--uts", "uts")]
    [InlineData("--network", "net")]
    public void The_hosts_namespace_when_asked_and_an_own_one_otherwise(string option, string space)
    {
        // What dockerd itself is in, seen from the place it runs in.
        var hosts = host.Shell($"readlink /proc/self/ns/{space}");
        host.Run($"readlink /proc/self/ns/{space}", option, "host").ShouldBe(hosts);
        host.Run($"readlink /proc/self/ns/{space}").ShouldNotBe(hosts);
    }

    [Fact]
    public void An_own_control_group_namespace_hides_the_path()
    {
        host.Run("cut -d: -f3 /proc/self/cgroup | sort -u", "--cgroupns", "private").ShouldBe("/");
        host.Run("cut -d: -f3 /proc/self/cgroup | sort -u", "--cgroupns", "host").ShouldContain(host.Name);
    }

    [Fact]
    public void Networks()
    {
        host.Run("ls /sys/class/net", "--network", "none").ShouldBe("lo");
        host.Run("ls /sys/class/net").ShouldBe("eth0\nlo");
        host.Detached("--name", "web", "-p", "127.0.0.1:8080:80", "busybox", "sh", "-c", "echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp");
        Polling.ShouldCome(() => host.Shell("busybox wget -qO- http://127.0.0.1:8080/ 2>/dev/null || true") == "hello", "the published port answers");
        var address = host.Inspect("web", "{{.NetworkSettings.IPAddress}}");
        host.Run($"wget -qO- http://{address}/").ShouldBe("hello");
        host.Remove("web");
    }

    [Fact]
    public void Files_of_the_host_volumes_and_temporary_ones()
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "shared")).FullName;
        File.WriteAllText(Path.Combine(folder, "from-host"), "hello");
        host.Run("cat /data/from-host; echo back >/data/back; touch /ro/more 2>&1 || true", "-v", $"{folder}:/data", "-v", $"{folder}:/ro:ro")
            .ShouldBe("hellotouch: /ro/more: Read-only file system");
        File.ReadAllText(Path.Combine(folder, "back")).ShouldBe("back\n");
        host.Run("echo kept >/data/file", "-v", "kept:/data");
        host.Run("cat /data/file", "-v", "kept:/data").ShouldBe("kept");
        host.Docker("volume", "rm", "kept").ShouldSucceed();
        host.Run("touch /file 2>/dev/null || echo refused; touch /tmp/file && echo written", "--read-only", "--tmpfs", "/tmp:size=1m").ShouldBe("refused\nwritten");
    }

    [Fact]
    public void Init_is_the_first_process_and_reaps() =>
        host.Run(
            "tr '\\0' ' ' </proc/1/cmdline | cut -d' ' -f1; orphan=$(sh -c 'true & echo $!'); "
            + "i=0; while [ -e /proc/$orphan ] && [ $i -lt 200 ]; do i=$((i + 1)); usleep 20000; done; [ -e /proc/$orphan ] || echo reaped",
            "--init").ShouldBe("/sbin/docker-init\nreaped");

    [Fact]
    public void Identity_names_and_directories()
    {
        host.Run("id; pwd; hostname; echo $GREETING", "--user", "alice", "--workdir", "/made/here", "--hostname", "box", "--env", "GREETING=hi")
            .ShouldBe("uid=1000(alice) gid=1000(alice) groups=1000(alice),2000(crew)\n/made/here\nbox\nhi");
        host.Run("id -G", "--user", "1234:77", "--group-add", "88").ShouldBe("77 88");
    }

    [Fact]
    public void A_terminal_is_the_containers_own()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "busybox", "sh");
        terminal.Expect("# ");
        terminal.Send("tty; ls -l /dev/console\n");
        terminal.Expect("/dev/pts/0");
        terminal.Expect("/dev/console");
        terminal.Send("sh -c 'echo go''ing; exec sleep 100'\n");
        terminal.Expect("going");
        terminal.Send("\u0003");
        terminal.Expect("# ");
        terminal.Send("exit 5\n");
        terminal.Wait().ShouldBe(5);
    }
}
