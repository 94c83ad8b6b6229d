namespace Sampan.EndToEnd.Run;

/// <summary>What a container may do, as the kernel reports it from inside.</summary>
public sealed class SecurityTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    /// <summary>Docker's fourteen: moby/daemon/pkg/oci/caps/defaults.go.</summary>
    private const ulong DockersDefault = 0xa80425fb;

    private static ulong Mask(string status, string name) =>
        Convert.ToUInt64(status.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split('\t')[1], 16);

    private static ulong BoundingSetOfThisProcess => Mask(File.ReadAllText("/proc/self/status"), "CapBnd");

    [Fact]
    public void The_default_capabilities_are_dockers_fourteen()
    {
        var status = host.Run("cat /proc/self/status");
        Mask(status, "CapBnd").ShouldBe(DockersDefault & BoundingSetOfThisProcess);
        Mask(status, "CapEff").ShouldBe(DockersDefault & BoundingSetOfThisProcess);
        Mask(status, "CapPrm").ShouldBe(DockersDefault & BoundingSetOfThisProcess);
        Mask(status, "CapInh").ShouldBe(0UL);
        Mask(status, "CapAmb").ShouldBe(0UL);
    }

    [Fact]
    public void Capabilities_are_added_and_dropped()
    {
        const ulong NetAdmin = 1UL << 12, Chown = 1UL;
        Mask(host.Run("cat /proc/self/status", "--cap-add", "NET_ADMIN"), "CapEff").ShouldBe((DockersDefault | NetAdmin) & BoundingSetOfThisProcess);
        Mask(host.Run("cat /proc/self/status", "--cap-drop=cap_chown"), "CapBnd").ShouldBe(DockersDefault & ~Chown & BoundingSetOfThisProcess);
        Mask(host.Run("cat /proc/self/status", "--cap-drop", "ALL", "--cap-add", "CHOWN"), "CapBnd").ShouldBe(Chown);
        Mask(host.Run("cat /proc/self/status", "--cap-drop", "all"), "CapBnd").ShouldBe(0UL);
        Mask(host.Run("cat /proc/self/status", "--cap-add", "ALL"), "CapEff").ShouldBe(BoundingSetOfThisProcess);
        host.Sampan("run", "--rm", "--cap-add", "FLY", "busybox", "true").ShouldFailInOneLine(125, "FLY");
    }

    [Fact]
    public void Another_user_has_the_bounding_set_only()
    {
        var status = host.Run("cat /proc/self/status", "-u", "1000");
        Mask(status, "CapEff").ShouldBe(0UL);
        Mask(status, "CapBnd").ShouldBe(DockersDefault & BoundingSetOfThisProcess);
    }

    [Fact]
    public void System_calls_are_filtered_unless_unconfined()
    {
        host.Run("grep Seccomp: /proc/self/status").ShouldBe("Seccomp:\t2");
        host.Run("grep Seccomp: /proc/self/status", "--security-opt", "seccomp=unconfined").ShouldBe("Seccomp:\t0");
        // unshare(CLONE_NEWNS) needs CAP_SYS_ADMIN in the default policy.
        host.Sampan("run", "--rm", "busybox", "unshare", "-m", "true").ExitCode.ShouldNotBe(0);
        host.Sampan("run", "--rm", "--cap-add", "SYS_ADMIN", "busybox", "unshare", "-m", "true").ShouldSucceed();
    }

    [Fact]
    public void A_profile_from_a_file_is_used()
    {
        var profile = Path.Combine(host.Folder, "profile.json");
        File.WriteAllText(profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":1}]}""");
        host.Sampan("run", "--rm", "--security-opt", "seccomp=" + profile, "busybox", "mkdir", "/x").ShouldFail(1, "Operation not permitted");
        host.Sampan("run", "--rm", "--security-opt", "seccomp=/no/such/profile", "busybox", "true").ShouldFailInOneLine(125, "/no/such/profile");
    }

    [Fact]
    public void New_privileges_can_be_refused()
    {
        host.Run("grep NoNewPrivs /proc/self/status").ShouldBe("NoNewPrivs:\t0");
        host.Run("grep NoNewPrivs /proc/self/status", "--security-opt", "no-new-privileges").ShouldBe("NoNewPrivs:\t1");
    }

    [Fact]
    public void The_kernels_files_are_masked_or_read_only()
    {
        host.Run("cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c").ShouldBe("0");
        host.Run("ls -A /proc/acpi /sys/firmware /proc/scsi 2>/dev/null | grep -v : | tr -d '\\n'").ShouldBeEmpty();
        host.Sampan("run", "--rm", "busybox", "sh", "-c", "echo 1 > /proc/sys/kernel/panic").ShouldFail(1, "Read-only file system");
        host.Run("for path in /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger; do ! test -e $path || grep -q \" $path [a-z]* ro\" /proc/mounts || echo $path; done").ShouldBeEmpty();
        host.Run("grep -c ' /sys sysfs ro' /proc/mounts").ShouldBe("1");
        host.Run("echo x > /proc/sys/kernel/domainname && cat /proc/sys/kernel/domainname", "--security-opt", "systempaths=unconfined").ShouldBe("x");
    }

    [Fact]
    public void Privileged_lifts_all_of_it()
    {
        var status = host.Run("cat /proc/self/status", "--privileged");
        Mask(status, "CapEff").ShouldBe(BoundingSetOfThisProcess);
        status.ShouldContain("Seccomp:\t0");
        host.Run("test -e /dev/null && test -e /dev/ptmx && grep -c ' /sys sysfs rw' /proc/mounts", "--privileged").ShouldBe("1");
        host.Run("mount -t tmpfs none /mnt 2>/dev/null || { mkdir /mnt && mount -t tmpfs none /mnt; }; grep -c ' /mnt ' /proc/mounts", "--privileged").ShouldBe("1");
    }

    [Fact]
    public void Only_the_standard_devices_are_there()
    {
        // The link core is there where the kernel has /proc/kcore.
        host.Run("ls /dev").Split('\n', ' ').Where(name => name.Length > 0).Order().Except(["core"]).ShouldBe(
            ["fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"]);
        host.Run("echo gone > /dev/null; head -c 3 /dev/zero | wc -c; head -c 8 /dev/urandom | wc -c; readlink /dev/fd; readlink /dev/ptmx").ShouldBe("3\n8\n/proc/self/fd\npts/ptmx");
        // The device control group refuses what mknod may still name.
        host.Sampan("run", "--rm", "busybox", "sh", "-c", "mknod /kmsg c 1 11 && head -c 1 /kmsg").ShouldFail(1, "Operation not permitted");
    }

    [Fact]
    public void A_device_can_be_given()
    {
        host.Run("echo x > /dev/extra && ls -l /dev/extra | cut -c1", "--device", "/dev/zero:/dev/extra").ShouldBe("c");
        host.Run("ls -l /dev/other | cut -c1; cat /dev/other 2>&1 | head -c 1 | wc -c", "--device", "/dev/zero:/dev/other:r").ShouldBe("c\n1");
        host.Sampan("run", "--rm", "--device", "/dev/no-such-device", "busybox", "true").ShouldFailInOneLine(125, "/dev/no-such-device");
    }

    [Fact]
    public void No_descriptor_leaks_into_the_container()
    {
        // ls itself holds 3 for the folder it reads.
        host.Run("ls /proc/self/fd").Split('\n').ShouldBe(["0", "1", "2", "3"]);
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("exec", id, "ls", "/proc/self/fd").ShouldSucceed().Split('\n').ShouldBe(["0", "1", "2", "3"]);
    }

    [Fact]
    public void Sysctls_are_set_when_they_belong_to_the_container()
    {
        host.Run("cat /proc/sys/kernel/msgmax", "--sysctl", "kernel.msgmax=4096").ShouldBe("4096");
        host.Run("cat /proc/sys/net/ipv4/ip_unprivileged_port_start", "--sysctl", "net.ipv4.ip_unprivileged_port_start=80").ShouldBe("80");
        host.Sampan("run", "--rm", "--sysctl", "kernel.panic=1", "busybox", "true").ShouldFail(125, "kernel.panic");
    }

    /// <summary>CVE-2022-0492: who may mount sees of each version 1 tree its own group, never the root with the release agent.</summary>
    [Fact]
    public void The_release_agent_is_out_of_reach()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/memory"), "this host has no version 1 trees");
        var trees = string.Join(' ', File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup cgroup ", StringComparison.Ordinal)).Select(line => Path.GetFileName(line.Split(' ')[4])));
        host.Run(
            "mkdir /g; for c in " + trees + "; do mount -t cgroup -o $c cgroup /g 2>/dev/null || mount -t cgroup -o none,name=$c cgroup /g || exit 3; test -e /g/release_agent && echo \"agent of $c\"; umount /g; done; echo done",
            "--cap-add", "SYS_ADMIN").ShouldBe("done");
    }

    [Fact]
    public void The_engines_own_executable_cannot_be_written()
    {
        // CVE-2019-5736: /proc/PID/exe of a process the engine puts into the container led back to the host's file.
        var before = Host.Shell("sha256sum < \"$1\"", Host.Binary);
        var id = host.Detached("busybox", "sh", "-c", "while :; do for exe in /proc/[0-9]*/exe; do (echo overwritten > $exe) 2>/dev/null; done; done");
        for (var i = 0; i < 20; i++)
        {
            host.Sampan("exec", id, "true").ExitCode.ShouldBe(0);
        }

        host.Sampan("rm", "-f", id).ShouldSucceed();
        Host.Shell("sha256sum < \"$1\"", Host.Binary).ShouldBe(before);
    }
}
