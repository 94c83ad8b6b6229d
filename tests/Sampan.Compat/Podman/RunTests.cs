namespace Sampan.Compat.Podman;

/// <summary>podman run: streams, exit codes, identity, files.</summary>
[Collection(PodmanCollection.Name)]
public class RunTests(PodmanHost host)
{
    [Fact]
    public void Podman_says_which_runtime_it_used()
    {
        host.Detached("--name", "which", "busybox", "sleep", "1000");
        host.Inspect("which", "{{.OCIRuntime}}").ShouldBe(RuntimeUnderTest.Binary);
        host.RuntimeKnows(host.Inspect("which", "{{.Id}}")).ShouldBeTrue();
        host.Podman("info", "--format", "{{.Host.OCIRuntime.Path}}").ShouldSucceed().ShouldBe(RuntimeUnderTest.Binary);
        host.Remove("which");
    }

    [Fact]
    public void Output_and_errors_arrive_on_their_own_streams()
    {
        var result = host.Podman("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");
        result.ShouldSucceed().ShouldBe("out");
        result.Error.Trim().ShouldBe("err");
    }

    [Fact]
    public void Input_reaches_the_process_and_ends()
    {
        using var command = host.Start("run", "--rm", "-i", "busybox", "wc", "-c");
        command.Send("twelve bytes");
        command.CloseInput();
        command.Wait().ShouldSucceed().ShouldBe("12");
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void The_exit_code_is_the_processs(string script, int code) =>

        // Process 1 does not hear a signal it sends itself, so there is one before it.
        host.Podman("run", "--rm", "--init", "--init-path", "/usr/bin/tini-static", "busybox", "sh", "-c", script).ExitCode.ShouldBe(code);

    [Fact]
    public void A_missing_command_is_127()
    {
        host.Podman("run", "--rm", "busybox", "no-such-command").ShouldFail(127, "executable file", "no-such-command", "not found in $PATH");
        host.Podman("run", "--rm", "busybox", "/no/such/file").ShouldFail(127, "/no/such/file", "no such file or directory");
    }

    [Fact]
    public void A_command_that_cannot_be_executed_is_126() =>
        host.Podman("run", "--rm", "busybox", "/etc/passwd").ShouldFail(126, "permission denied");

    [Fact]
    public void A_terminal_is_the_containers_own()
    {
        using var terminal = host.OnTerminal("run", "--rm", "-it", "busybox", "sh");
        terminal.Expect("# ");
        terminal.Send("tty; stty size\n");
        terminal.Expect("/dev/pts/0");
        terminal.Expect("24 80");
        terminal.Send("exit 5\n");
        terminal.Wait().ShouldBe(5);
    }

    [Fact]
    public void A_folder_of_the_host_is_there_and_read_only_when_asked()
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "shared")).FullName;
        File.WriteAllText(Path.Combine(folder, "from-host"), "hello");
        host.Run("cat /data/from-host; echo back >/data/from-container", "-v", $"{folder}:/data").ShouldBe("hello");
        File.ReadAllText(Path.Combine(folder, "from-container")).ShouldBe("back\n");
        host.Run("touch /data/more 2>&1 || echo refused", "-v", $"{folder}:/data:ro").ShouldContain("Read-only file system");
    }

    [Fact]
    public void A_named_volume_keeps_its_content()
    {
        host.Run("echo kept >/data/file", "-v", "kept:/data");
        host.Run("cat /data/file", "-v", "kept:/data").ShouldBe("kept");
        host.Podman("volume", "rm", "kept").ShouldSucceed();
    }

    [Fact]
    public void Read_only_leaves_only_the_temporary_folders_writable() =>
        host.Run("touch /file 2>/dev/null || echo refused; touch /tmp/file && echo written", "--read-only").ShouldBe("refused\nwritten");

    [Theory]
    [InlineData("alice", "uid=1000(alice) gid=1000(alice) groups=1000(alice),2000(crew)")]
    [InlineData("1234:77", "uid=1234(1234) gid=77(77) groups=77(77)")]
    public void A_user_is_the_one_asked_for(string user, string identity) => host.Run("id", "--user", user).ShouldBe(identity);

    [Fact]
    public void Users_are_mapped_when_asked()
    {
        host.Run("id -u; cat /proc/self/uid_map | tr -s ' '; touch /root/file && stat -c %u /root/file", "--uidmap", "0:100000:5000", "--gidmap", "0:200000:5000")
            .ShouldBe("0\n 0 100000 5000\n0");
        host.Run("echo x 2>/dev/null >/proc/sys/kernel/hostname || echo refused", "--uidmap", "0:100000:5000").ShouldBe("refused");
    }

    [Fact]
    public void Init_is_the_first_process_and_reaps() =>
        host.Run(
            "tr '\\0' ' ' </proc/1/cmdline | cut -d' ' -f1; orphan=$(sh -c 'true & echo $!'); "
            + "i=0; while [ -e /proc/$orphan ] && [ $i -lt 200 ]; do i=$((i + 1)); usleep 20000; done; [ -e /proc/$orphan ] || echo reaped",
            "--init", "--init-path", "/usr/bin/tini-static").ShouldBe("/run/podman-init\nreaped");

    [Fact]
    public void Capabilities_are_podmans_defaults_with_what_is_added_and_dropped()
    {
        var usual = Convert.ToUInt64(host.Run("grep CapEff /proc/self/status | cut -f2"), 16);
        const int mknod = 27;
        const int sysAdmin = 21;
        const int chown = 0;
        (usual >> sysAdmin & 1).ShouldBe(0UL);
        (usual >> chown & 1).ShouldBe(1UL);
        var changed = Convert.ToUInt64(host.Run("grep CapEff /proc/self/status | cut -f2", "--cap-add", "SYS_ADMIN", "--cap-add", "MKNOD", "--cap-drop", "CHOWN"), 16);
        (changed >> sysAdmin & 1).ShouldBe(1UL);
        (changed >> mknod & 1).ShouldBe(1UL);
        (changed >> chown & 1).ShouldBe(0UL);
    }

    [Fact]
    public void Seccomp_filters_unless_unconfined()
    {
        host.Run("grep ^Seccomp: /proc/self/status | cut -f2").ShouldBe("2");
        host.Run("grep ^Seccomp: /proc/self/status | cut -f2", "--security-opt", "seccomp=unconfined").ShouldBe("0");
    }

    [Fact]
    public void Privileged_sees_the_hosts_devices() =>
        host.Run("test -e /dev/kmsg && test -w /proc/sys/kernel/hostname && echo yes", "--privileged").ShouldBe("yes");
}
