namespace Sampan.Compat.Docker;

/// <summary>Limits, as the container itself reads them and as the kernel enforces them.</summary>
[Collection(DockerCollection.Name)]
public class LimitTests(DockerHost host)
{
    private const string Read = "for file in $0 $1; do if [ -e /sys/fs/cgroup/$file ]; then cat /sys/fs/cgroup/$file; break; fi; done";

    /// <summary>Reads a limit in a running container: the first file there is.</summary>
    internal static string Inside(DockerHost host, string container, string v1, string v2) =>
        host.Docker("exec", container, "sh", "-c", Read, v1, v2).ShouldSucceed();

    [Fact]
    public void The_container_reads_its_limits()
    {
        host.Detached(
            "--name", "limited", "--memory", "64m", "--memory-reservation", "32m", "--cpus", "0.5", "--cpu-shares", "512", "--cpuset-cpus", "0", "--pids-limit", "12",
            "busybox", "sleep", "1000");
        Inside(host, "limited", "memory/memory.limit_in_bytes", "memory.max").ShouldBe("67108864");
        Inside(host, "limited", "memory/memory.soft_limit_in_bytes", "memory.low").ShouldBe("33554432");
        Inside(host, "limited", "cpu/cpu.cfs_quota_us", "cpu.max").Split(' ')[0].ShouldBe("50000");
        Inside(host, "limited", "cpu/cpu.shares", "cpu.weight").ShouldBeOneOf("512", "20");
        Inside(host, "limited", "cpuset/cpuset.cpus", "cpuset.cpus").ShouldBe("0");
        Inside(host, "limited", "pids/pids.max", "pids.max").ShouldBe("12");
        host.Remove("limited");
    }

    [Fact]
    public void Too_many_processes_are_refused() =>
        host.Docker("run", "--rm", "--pids-limit", "10", "busybox", "sh", "-c", "i=0; while [ $i -lt 20 ]; do sleep 5 & i=$((i + 1)); done")
            .ShouldFail(2, "can't fork");

    [Fact]
    public void Too_much_memory_is_killed_and_reported()
    {
        host.Docker("run", "--name", "hungry", "--memory", "16m", "--memory-swap", "16m", "busybox", "sh", "-c", "x=a; while :; do x=$x$x; done")
            .ExitCode.ShouldBe(137);
        host.Inspect("hungry", "{{.State.OOMKilled}} {{.State.ExitCode}}").ShouldBe("true 137");
        host.Remove("hungry");
    }

    [Fact]
    public void Resource_limits_kernel_settings_and_shared_memory()
    {
        host.Run("ulimit -n; ulimit -c", "--ulimit", "nofile=512:512", "--ulimit", "core=0").ShouldBe("512\n0");
        host.Run("cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_unprivileged_port_start", "--sysctl", "kernel.msgmax=9999", "--sysctl", "net.ipv4.ip_unprivileged_port_start=99")
            .ShouldBe("9999\n99");
        host.Run("df -k /dev/shm | tail -1 | tr -s ' ' | cut -d' ' -f2", "--shm-size", "8m").ShouldBe("8192");
        host.Run("cat /proc/self/oom_score_adj", "--oom-score-adj", "123").ShouldBe("123");
    }

    [Fact]
    public void A_device_is_there_with_the_access_asked_for()
    {
        host.Run("test -c /dev/kmsg || echo none").ShouldBe("none");
        host.Run("dd if=/dev/xzero bs=4 count=1 2>/dev/null | wc -c; echo x >/dev/xzero && echo written", "--device", "/dev/zero:/dev/xzero").ShouldBe("4\nwritten");
        host.Run("mknod /tmp/kmsg c 1 11; cat /tmp/kmsg 2>&1 | head -c 200").ShouldContain("not permitted");
    }
}
