namespace Sampan.EndToEnd.Containers;

/// <summary>update, of running and stopped containers; memory that runs out; stop that warns.</summary>
public sealed class UpdateTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Limits_of_a_running_container_change_and_are_kept()
    {
        var id = host.Detached("-m", "64m", "--cpus", "0.5", "busybox", "sleep", "1000");
        host.Sampan("update", "-m", "96m", "--memory-swap", "160m", "--memory-reservation", "32m", "--cpus", "1", "--cpu-shares", "512", "--pids-limit", "77", "--cpuset-cpus", "0", id)
            .ShouldSucceed().ShouldBe(id);
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe($"{96 << 20}");
        host.ControlFile(id, "pids", "pids.max", "pids.max").ShouldBe("77");
        host.ControlFile(id, "cpuset", "cpuset.cpus", "cpuset.cpus").ShouldBe("0");
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe($"{96 << 20}", "the next start has them too");
        host.ControlFile(id, "pids", "pids.max", "pids.max").ShouldBe("77");
        host.Sampan("update", "--pids-limit", "-1", id).ShouldSucceed();
        host.ControlFile(id, "pids", "pids.max", "pids.max").ShouldBe("max");
    }

    [Fact]
    public void Realtime_limits_change_and_are_kept()
    {
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"), "the kernel has no real-time limits of groups (cgroup v1, CONFIG_RT_GROUP_SCHED)");
        var id = host.Detached("busybox", "sleep", "1000");
        Period(id).ShouldBe("1000000");
        host.Sampan("update", "--cpu-rt-period", "800000", "--cpu-rt-runtime", "3000", id).ShouldSucceed().ShouldBe(id);
        (Period(id), Runtime(id)).ShouldBe(("800000", "3000"));
        var config = host.Inspect(id).GetProperty("HostConfig");
        (config.GetProperty("CpuRealtimePeriod").GetInt64(), config.GetProperty("CpuRealtimeRuntime").GetInt64()).ShouldBe((800_000, 3_000));
        host.Sampan("update", "--cpu-rt-runtime", "2000", id).ShouldSucceed();
        (Period(id), Runtime(id)).ShouldBe(("800000", "2000"), "what is not said stays");
        host.Sampan("update", "--cpu-rt-runtime", "900000", id).ShouldFailInOneLine(1, $"Cannot update container {id}: ");
        Runtime(id).ShouldBe("2000");
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        (Period(id), Runtime(id)).ShouldBe(("800000", "2000"), "the next start has them too");
    }

    [Fact]
    public void A_stopped_container_gets_them_with_its_next_start()
    {
        var id = host.Sampan("create", "--cpu-quota", "30000", "busybox", "sleep", "1000").ShouldSucceed();
        host.Sampan("update", "--cpu-quota", "40000", "--cpu-period", "80000", "--memory", "50m", id).ShouldSucceed();
        host.Sampan("start", id).ShouldSucceed();
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe($"{50 << 20}");
        var config = host.Inspect(id).GetProperty("HostConfig");
        config.GetProperty("CpuQuota").GetInt64().ShouldBe(40000);
        config.GetProperty("CpuPeriod").GetInt64().ShouldBe(80000);
    }

    [Fact]
    public void What_is_refused_leaves_all_as_it_was()
    {
        var id = host.Detached("-m", "64m", "--cpus", "0.5", "--pids-limit", "50", "busybox", "sleep", "1000");
        host.Sampan("update", "--pids-limit", "60", "-m", "1g", id)
            .ShouldFailInOneLine(1, $"Cannot update container {id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        host.Sampan("update", "--pids-limit", "60", "--cpu-period", "50000", id)
            .ShouldFailInOneLine(1, "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        host.Sampan("update", "--pids-limit", "60", "--cpuset-cpus", "999", id).ShouldFailInOneLine(1, "Requested CPUs are not available - requested 999");
        host.Sampan("update", "--pids-limit", "60", "-m", "1m", id).ShouldFailInOneLine(1, "Minimum memory limit allowed is 6MB");
        host.Sampan("update", "--blkio-weight", "5", id).ShouldFailInOneLine(1, "Range of blkio weight is from 10 to 1000");
        host.Sampan("update", id).ShouldFailInOneLine(1, "you must provide one or more flags when using this command");
        host.ControlFile(id, "pids", "pids.max", "pids.max").ShouldBe("50");
        host.ControlFile(id, "memory", "memory.limit_in_bytes", "memory.max").ShouldBe($"{64 << 20}");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("PidsLimit").GetInt64().ShouldBe(50);
        host.Inspect(id).GetProperty("HostConfig").GetProperty("Memory").GetInt64().ShouldBe(64 << 20);
    }

    [Fact]
    public void A_restart_policy_changes_while_it_runs()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("update", "--restart", "on-failure:9", id).ShouldSucceed();
        var pid = host.Pid(id);
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => host.Pid(id) is var now && now != 0 && now != pid, "its monitor knows the new policy");
        host.Sampan("update", "--restart", "no", id).ShouldSucceed();
        pid = host.Pid(id);
        pid.ShouldBeGreaterThan(1);
        Native.kill(pid, Native.SIGKILL).ShouldBe(0);
        Patience.ShouldCome(() => host.Status(id) == "exited", "and the next");
        var gone = host.Detached("--rm", "busybox", "sleep", "1000");
        host.Sampan("update", "--restart", "always", gone).ShouldFailInOneLine(1, "Restart policy cannot be updated because AutoRemove is enabled for the container");
    }

    [Fact]
    public void Memory_that_runs_out_is_told_while_it_runs()
    {
        var id = host.Detached("-m", "16m", "--memory-swap", "16m", "busybox", "sh", "-c", "tail /dev/zero; echo survived; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("logs", id).Output.Contains("survived"), "a child is killed, the container is not");
        Patience.ShouldCome(() => host.Inspect(id).GetProperty("State").GetProperty("OOMKilled").GetBoolean(), "inspect says so");
        host.Status(id).ShouldBe("running");
        host.Sampan("events", "--since", "1h", "--until", "0s", "-f", "container=" + id, "-f", "event=oom").ShouldSucceed().ShouldContain(" container oom " + id);
    }

    [Fact]
    public void Stop_says_at_once_that_process_1_will_not_listen()
    {
        var deaf = host.Detached("--name", "deaf", "busybox", "sleep", "1000");
        var stop = host.Sampan("stop", "-t", "1", deaf);
        stop.ShouldSucceed().ShouldBe(deaf);
        stop.Error.ShouldStartWith("sampan: container deaf: its process 1 ignores SIGTERM: it is killed in 1 s");
        var listening = host.Detached("busybox", "sh", "-c", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        Patience.ShouldCome(() => host.Sampan("logs", listening).Output.Contains("ready"), "the trap is set");
        host.Sampan("stop", listening).Error.ShouldBeEmpty();
        var helped = host.Detached("--init", "busybox", "sleep", "1000");
        host.Sampan("stop", helped).Error.ShouldBeEmpty();
        var hurried = host.Detached("busybox", "sleep", "1000");
        host.Sampan("stop", "-t", "0", hurried).Error.ShouldBeEmpty();
    }

    private string Period(string id) => host.ControlFile(id, "cpu", "cpu.rt_period_us", "");

    private string Runtime(string id) => host.ControlFile(id, "cpu", "cpu.rt_runtime_us", "");
}
