namespace Sampan.EndToEnd.Run;

/// <summary>Limits, read back from the kernel.</summary>
public sealed class LimitTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const long Mebibyte = 1024 * 1024;

    private static bool Unified => !Directory.Exists("/sys/fs/cgroup/memory");

    [Fact]
    public void Memory()
    {
        var id = host.Detached("-m", "64m", "--memory-reservation", "32m", "--memory-swap", "64m", "busybox", "sleep", "1000");
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe((64 * Mebibyte).ToString());
        host.ControlFile(id, "memory", "memory.soft_limit_in_bytes", "memory.low").ShouldBe((32 * Mebibyte).ToString());
    }

    [Fact]
    public void Processors()
    {
        var id = host.Detached("--cpus=0.5", "--cpu-shares", "512", "--cpuset-cpus", "0", "--cpuset-mems", "0", "busybox", "sleep", "1000");
        host.ControlFile(id, "cpu", "cpu.cfs_quota_us", "cpu.max").Split(' ')[0].ShouldBe("50000");
        host.ControlFile(id, "cpu", "cpu.shares", "cpu.weight").ShouldNotBe("1024");
        host.ControlFile(id, "cpuset", "cpuset.cpus", "cpuset.cpus").ShouldBe("0");
        host.Sampan("exec", id, "nproc").ShouldSucceed().ShouldBe("1");

        var quota = host.Detached("--cpu-period", "50000", "--cpu-quota", "20000", "busybox", "sleep", "1000");
        host.ControlFile(quota, "cpu", "cpu.cfs_quota_us", "cpu.max").Split(' ')[0].ShouldBe("20000");
    }

    [Fact]
    public void Processes_are_counted()
    {
        var id = host.Detached("--pids-limit", "16", "busybox", "sleep", "1000");
        host.ControlFile(id, "pids", "pids.max", "pids.max").ShouldBe("16");
        host.Sampan("exec", id, "sh", "-c", "for i in $(seq 30); do sleep 100 & done").Error.ShouldContain("fork");
        Patience.ShouldCome(() => host.Sampan("rm", "-f", id).ExitCode == 0, "a container at its limit can be removed");
    }

    [Fact]
    public void Running_out_of_memory_is_137_and_recorded()
    {
        host.Sampan("run", "--name", "hungry", "-m", "16m", "--memory-swap", "16m", "busybox", "sh", "-c", "x=a; while :; do x=$x$x; done").ExitCode.ShouldBe(137);
        host.Inspect("hungry").GetProperty("State").GetProperty("OOMKilled").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void A_limit_below_dockers_minimum_is_refused()
    {
        host.Sampan("run", "--rm", "-m", "1m", "busybox", "true").ShouldFailInOneLine(125, "memory");
        host.Sampan("run", "--rm", "--cpuset-cpus", "4000", "busybox", "true").ShouldFailInOneLine(125, "4000");
        host.Sampan("run", "--rm", "--cpus", "-1", "busybox", "true").ShouldFailInOneLine(125, "cpu");
    }

    [Fact]
    public void Ulimits()
    {
        host.Run("ulimit -n; ulimit -Hn; ulimit -c", "--ulimit", "nofile=512:1024", "--ulimit", "core=0").ShouldBe("512\n1024\n0");
    }

    [Fact]
    public void The_out_of_memory_score()
    {
        host.Run("cat /proc/self/oom_score_adj", "--oom-score-adj", "500").ShouldBe("500");
    }

    [Fact]
    public void A_container_has_its_own_control_group_and_it_goes_with_it()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var group = File.ReadAllText($"/proc/{host.Pid(id)}/cgroup");
        group.ShouldContain(id);
        host.Sampan("rm", "-f", id).ShouldSucceed();
        Host.Shell("find /sys/fs/cgroup -name \"*$1*\"", id).ShouldBeEmpty();
    }

    [Fact]
    public void A_limit_whose_controller_is_missing_names_it()
    {
        Assert.SkipWhen(Unified, "cgroup v2 always has the memory controller's swap files here");
        if (File.Exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"))
        {
            var id = host.Detached("-m", "64m", "--memory-swap", "128m", "busybox", "sleep", "1000");
            host.ControlFile(id, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max").ShouldBe((128 * Mebibyte).ToString());
        }
        else
        {
            host.Sampan("run", "--rm", "-m", "64m", "--memory-swap", "128m", "busybox", "true").ShouldFailInOneLine(125, "swap");
        }
    }
}
