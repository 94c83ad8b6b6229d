using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

/// <summary>Limits that change while processes run, on the kernel the tests run on.</summary>
public sealed class CgroupApplyTests
{
    private static readonly CgroupHierarchy Hierarchy = CgroupHierarchy.Detect();

    public CgroupApplyTests() => Assert.SkipWhen(Hierarchy.Version == CgroupVersion.V2, "these files are version 1's");

    [Fact]
    public void ATreeIsEnteredWithAllProcessesWhenALimitNeedsIt()
    {
        using var group = new TemporaryCgroup(Hierarchy, CgroupLimits.None);
        using var process = group.Start("while :; do sleep 0; done");
        Until(() => group.Cgroup.Pids().Count > 0);
        Directory.Exists(In(group, "cpu")).ShouldBeFalse();
        group.Cgroup.Apply(new() { CpuShares = 512, CpuQuota = 90_000, CpusetCpus = "0" });
        File.ReadAllText(In(group, "cpu/cpu.shares")).ShouldBe("512\n");
        File.ReadAllText(In(group, "cpu/cgroup.procs")).ShouldContain(process.Id.ToString());
        File.ReadAllText(In(group, "cpuset/cgroup.procs")).ShouldContain(process.Id.ToString());
        File.ReadAllText(In(group, "cpuset/cpuset.mems")).Trim().ShouldNotBeEmpty();
        group.Cgroup.JoinFiles.ShouldContain(In(group, "cpu/tasks"));
        Hierarchy.Open(group.Cgroup.Path).Remove();
        Directory.Exists(In(group, "cpu")).ShouldBeFalse();
        process.WaitForExit(10_000).ShouldBeTrue();
    }

    [Fact]
    public void QuotaPeriodAndBurstChangeInEitherDirection()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { CpuQuota = 50_000, CpuPeriod = 100_000, CpuBurst = 40_000 });
        group.Cgroup.Apply(new() { CpuQuota = 10_000, CpuPeriod = 20_000, CpuBurst = 5000 });
        Cpu(group).ShouldBe("10000 20000 5000");
        group.Cgroup.Apply(new() { CpuQuota = 400_000, CpuPeriod = 200_000, CpuBurst = 300_000 });
        Cpu(group).ShouldBe("400000 200000 300000");
        Should.Throw<SampanException>(() => group.Cgroup.Apply(new() { CpuBurst = 500_000 })).Message.ShouldContain("cpu.cfs_burst_us");
    }

    [Fact]
    public void RealtimeTimeIsGivenBeforeProcessesJoin()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { CpuRealtimePeriod = 500_000, CpuRealtimeRuntime = 50_000 });
        File.ReadAllText(In(group, "cpu/cpu.rt_runtime_us")).ShouldBe("50000\n");
        File.ReadAllText(In(group, "cpu/cpu.rt_period_us")).ShouldBe("500000\n");
    }

    [Fact]
    public void AnIdleGroupGetsAWeightWhenItCeasesToBeIdle()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { CpuIdle = 1, CpuShares = 300 });
        File.ReadAllText(In(group, "cpu/cpu.idle")).ShouldBe("1\n");
        group.Cgroup.Apply(new() { CpuIdle = 0, CpuShares = 700 });
        File.ReadAllText(In(group, "cpu/cpu.shares")).ShouldBe("700\n");
    }

    [Theory]
    [InlineData(1, "the minimum allowed cpu-shares is 2")]
    [InlineData(300_000, "the maximum allowed cpu-shares is 262144")]
    public void SharesTheKernelWouldMoveAreRefused(ulong shares, string expected) =>
        Should.Throw<SampanException>(() => Hierarchy.Create($"/sampan-test-{Guid.NewGuid():N}", new() { CpuShares = shares })).Message.ShouldBe(expected);

    [Fact]
    public void AMemoryLimitBelowWhatIsPinnedNamesTheUsage()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { Memory = 64 << 20, Swappiness = 10, MemoryUseHierarchy = true });
        using var process = group.Start("x=$(head -c 20000000 /dev/zero | tr '\\0' x); exec 1>&-; while :; do sleep 1; done");
        Until(() => group.Cgroup.Usage.MemoryBytes > 15_000_000);
        Should.Throw<SampanException>(() => group.Cgroup.Apply(new() { Memory = 1 << 20 })).Message
            .ShouldMatch(@"^unable to set memory limit to 1048576 \(current usage: \d+, peak usage: \d+\)$");
    }

    [Theory]
    [InlineData(16, 16, 64, 128)]
    [InlineData(64, 128, 16, 16)]
    [InlineData(64, 64, 16, 128)]
    [InlineData(16, 128, 64, 64)]
    [InlineData(64, 64, -1, -1)]
    public void MemoryAndSwapChangeInEveryDirection(long memory, long swap, long newMemory, long newSwap)
    {
        Assert.SkipUnless(Hierarchy.HasSwapLimit, "no swap accounting");
        using var group = new TemporaryCgroup(Hierarchy, new() { Memory = memory << 20, MemorySwap = swap << 20 });
        group.Cgroup.Apply(new() { Memory = newMemory < 0 ? -1 : newMemory << 20, MemorySwap = newSwap < 0 ? -1 : newSwap << 20 });
        Megabytes(group, "limit_in_bytes").ShouldBe(newMemory < 0 ? long.MaxValue >> 20 : newMemory);
        Megabytes(group, "memsw.limit_in_bytes").ShouldBe(newSwap < 0 ? long.MaxValue >> 20 : newSwap);
    }

    [Fact]
    public void ARefusedLimitLeavesTheOthersAsTheyWere()
    {
        using var group = new TemporaryCgroup(
            Hierarchy, new() { Memory = 64 << 20, MemorySwap = 64 << 20, CpuQuota = 50_000, CpuPeriod = 100_000, CpuBurst = 0, Pids = 10 });
        Should.Throw<SampanException>(() => group.Cgroup.Apply(
            new() { Memory = 32 << 20, MemorySwap = 32 << 20, CpuQuota = 20_000, CpuPeriod = 40_000, CpuBurst = 30_000, Pids = 20 }));
        Megabytes(group, "limit_in_bytes").ShouldBe(64);
        Megabytes(group, "memsw.limit_in_bytes").ShouldBe(64);
        Cpu(group).ShouldBe("50000 100000 0");
        File.ReadAllText(In(group, "pids/pids.max")).ShouldBe("10\n");
    }

    [Fact]
    public void AccountingWithoutHierarchyIsRefusedByTheKernel() =>
        Should.Throw<SampanException>(() => Hierarchy.Create($"/sampan-test-{Guid.NewGuid():N}", new() { MemoryUseHierarchy = false }))
            .Message.ShouldContain("memory.use_hierarchy");

    [Fact]
    public void MissingControllersAreNamed()
    {
        foreach (var (limits, controller) in (IEnumerable<(CgroupLimits, string)>)
            [
                (new() { NetworkClass = 1 }, "net_cls"), (new() { NetworkPriorities = [new("lo", 1)] }, "net_prio"), (new() { Rdma = [new("x", 1, 1)] }, "rdma"),
            ])
        {
            Assert.SkipWhen(Hierarchy.Has(controller), controller + " is there");
            Should.Throw<SampanException>(() => Hierarchy.Create($"/sampan-test-{Guid.NewGuid():N}", limits))
                .Message.ShouldContain($"no {controller} cgroup controller");
            using var group = new TemporaryCgroup(Hierarchy, CgroupLimits.None);
            Should.Throw<SampanException>(() => group.Cgroup.Apply(limits)).Message.ShouldContain($"no {controller} cgroup controller");
        }
    }

    [Fact]
    public void DeviceRulesChangeUnderARunningProcess()
    {
        DeviceRule nullDevice = new(true, 'c', 1, 3, DeviceAccess.All);
        DeviceRule zero = new(true, 'c', 1, 5, DeviceAccess.All);
        using var group = new TemporaryCgroup(Hierarchy, new() { Devices = [DeviceRule.DenyAll, nullDevice] });
        using var process = group.Start("while :; do : > /dev/null || exit 7; done 2>&-");
        for (var round = 0; round < 100; round++)
        {
            group.Cgroup.Apply(new() { Devices = round % 2 == 0 ? [DeviceRule.DenyAll, zero, nullDevice] : [DeviceRule.DenyAll, nullDevice] });
            File.ReadAllText(In(group, "devices/devices.list")).Split('\n').ShouldBe(
                round % 2 == 0 ? ["c 1:3 rwm", "c 1:5 rwm", ""] : ["c 1:3 rwm", ""], ignoreOrder: true);
        }

        process.HasExited.ShouldBeFalse();
        group.Cgroup.Apply(new() { Devices = [DeviceRule.AllowAll] });
        group.Run("head -c 1 /dev/zero > /dev/null").ShouldBe(0);
        group.Cgroup.Apply(new() { Devices = [DeviceRule.DenyAll, nullDevice] });
        group.Run("head -c 1 /dev/zero 2>&-").ShouldNotBe(0);
    }

    private static string Cpu(TemporaryCgroup group) => string.Join(
        ' ', new[] { "cfs_quota_us", "cfs_period_us", "cfs_burst_us" }.Select(file => File.ReadAllText(In(group, "cpu/cpu." + file)).Trim()));

    private static long Megabytes(TemporaryCgroup group, string file) => long.Parse(File.ReadAllText(In(group, "memory/memory." + file))) >> 20;

    private static string In(TemporaryCgroup group, string file)
    {
        var slash = file.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? $"/sys/fs/cgroup/{file}{group.Cgroup.Path}"
            : $"/sys/fs/cgroup/{file[..slash]}{group.Cgroup.Path}{file[slash..]}";
    }

    private static void Until(Func<bool> condition) => SpinWait.SpinUntil(condition, 10_000).ShouldBeTrue();
}
