namespace Sampan.Compat.Podman;

/// <summary>Limits, as the container itself reads them and as the kernel enforces them.</summary>
[Collection(PodmanCollection.Name)]
public class LimitTests(PodmanHost host)
{
    private const string Read = "for file in $0 $1; do if [ -e /sys/fs/cgroup/$file ]; then cat /sys/fs/cgroup/$file; break; fi; done";

    private static readonly string[] MemoryFiles = ["memory/memory.limit_in_bytes", "memory.max"];

    private string InsideGroup(string[] files, params string[] options) =>
        host.Podman(["run", "--rm", .. options, "busybox", "sh", "-c", Read, .. files]).ShouldSucceed();

    [Fact]
    public void Memory() => InsideGroup(MemoryFiles, "--memory", "64m").ShouldBe("67108864");

    [Fact]
    public void Processes()
    {
        InsideGroup(["pids/pids.max", "pids.max"], "--pids-limit", "10").ShouldBe("10");
        host.Podman("run", "--rm", "--pids-limit", "10", "busybox", "sh", "-c", "i=0; while [ $i -lt 20 ]; do sleep 5 & i=$((i + 1)); done")
            .ShouldFail(2, "can't fork");
    }

    [Fact]
    public void Processors() =>
        InsideGroup(["cpu/cpu.cfs_quota_us", "cpu.max"], "--cpus", "0.5").Split(' ')[0].ShouldBe("50000");

    [Fact]
    public void Too_much_memory_is_killed_and_reported()
    {
        host.Podman("run", "--name", "hungry", "--memory", "16m", "--memory-swap", "16m", "busybox", "sh", "-c", "x=a; while :; do x=$x$x; done")
            .ExitCode.ShouldBe(137);

        // conmon is told by the control group the runtime made. Some versions write the mark into podman's working directory, where podman does not look.
        var mark = Path.Combine(host.Folder, "oom");
        (host.Inspect("hungry", "{{.State.OOMKilled}}") == "true" || File.Exists(mark)).ShouldBeTrue("conmon was told that memory ran out");
        File.Delete(mark);
        host.Remove("hungry");
    }

    [Fact]
    public void Resource_limits_and_kernel_settings()
    {
        host.Run("ulimit -n", "--ulimit", "nofile=512:512").ShouldBe("512");
        host.Run("cat /proc/sys/kernel/msgmax", "--sysctl", "kernel.msgmax=9999").ShouldBe("9999");
        host.Run("df -k /dev/shm | tail -1 | tr -s ' ' | cut -d' ' -f2", "--shm-size", "8m").ShouldBe("8192");
    }
}
