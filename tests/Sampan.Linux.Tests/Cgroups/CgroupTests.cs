using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

/// <summary>Groups on the kernel the tests run on.</summary>
public sealed class CgroupTests
{
    private static readonly CgroupHierarchy Hierarchy = CgroupHierarchy.Detect();

    [Fact]
    public void AGroupIsMadeJoinedCountedAndRemoved()
    {
        IReadOnlyList<string> directories;
        using (var group = new TemporaryCgroup(Hierarchy, new() { Memory = 64 << 20, Pids = 20, CpuShares = 512, CpuQuota = 50_000 }))
        {
            directories = group.Cgroup.Directories;
            directories.ShouldAllBe(path => Directory.Exists(path));
            group.Run($"sleep 0; grep -c {group.Cgroup.Path} /proc/self/cgroup | grep -qx {directories.Count}").ShouldBe(0);
            group.Cgroup.Usage.CpuNanoseconds.ShouldBeGreaterThan(0);
            group.Cgroup.OomKilled.ShouldBeFalse();
        }

        directories.ShouldAllBe(path => !Directory.Exists(path));
    }

    [Fact]
    public void KillReachesEveryProcessAlsoThoseInGroupsInside()
    {
        using var group = new TemporaryCgroup(Hierarchy, CgroupLimits.None);
        foreach (var directory in group.Cgroup.Directories)
        {
            Directory.CreateDirectory(directory + "/inner");
        }

        using var process = group.Start("for i in 1 2 3 4 5; do sleep 1000 & done; wait");
        Until(() => group.Cgroup.Pids().Count == 6);
        group.Cgroup.Kill();
        group.Cgroup.Pids().ShouldBeEmpty();
        process.WaitForExit(10_000).ShouldBeTrue();
        process.ExitCode.ShouldBe(137);
    }

    [Fact]
    public void FrozenProcessesDoNotRunAndCanBeKilled()
    {
        using var group = new TemporaryCgroup(Hierarchy, CgroupLimits.None);
        using var process = group.Start("while :; do :; done");
        Until(() => group.Cgroup.Usage.CpuNanoseconds > 0 && group.Cgroup.Pids().Count == 1);
        group.Cgroup.Freeze();

        // A process counts as frozen when it is on its way off the CPU, and is charged for the way.
        process.WaitForExit(20).ShouldBeFalse();
        var before = group.Cgroup.Usage.CpuNanoseconds;
        process.WaitForExit(50).ShouldBeFalse();
        group.Cgroup.Usage.CpuNanoseconds.ShouldBe(before);
        group.Cgroup.Thaw();
        Until(() => group.Cgroup.Usage.CpuNanoseconds > before);
        group.Cgroup.Freeze();
        group.Cgroup.Kill();
        process.WaitForExit(10_000).ShouldBeTrue();
    }

    [Fact]
    public void ThePidsLimitHolds()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { Pids = 3 });
        group.Run("(sleep 0 & sleep 0 & sleep 0 & sleep 0 & sleep 0 & wait) 2>/dev/null").ShouldNotBe(0);
    }

    [Fact]
    public void AnOomKillIsSeen()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { Memory = 16 << 20, MemorySwap = 16 << 20 });
        group.Run("head -c 100000000 /dev/zero | tail -c 90000000 > /dev/null").ShouldBe(137);
        group.Cgroup.OomKilled.ShouldBeTrue();
    }

    [Fact]
    public void LimitsCanBeRaisedAndLoweredTogether()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { Memory = 16 << 20, MemorySwap = 16 << 20 });
        group.Cgroup.Apply(new() { Memory = 64 << 20, MemorySwap = 64 << 20 });
        group.Cgroup.Apply(new() { Memory = 8 << 20, MemorySwap = 8 << 20 });
    }

    [Fact]
    public void DevicesAreRefusedUnlessAllowed()
    {
        using var group = new TemporaryCgroup(
            Hierarchy,
            new() { Devices = [DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.All)] });
        group.Run("echo x > /dev/null").ShouldBe(0);
        group.Run("head -c 1 /dev/zero 2>/dev/null").ShouldNotBe(0);
    }

    [Fact]
    public void CpusetsAreFilledFromTheParent()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { CpusetCpus = "0" });
        group.Run("grep -qx 'Cpus_allowed_list:\t0' /proc/self/status").ShouldBe(0);
    }

    [Fact]
    public void ARefusedValueLeavesNothingBehind()
    {
        var path = $"/sampan-test-{Guid.NewGuid():N}";
        var error = Should.Throw<SampanException>(() => Hierarchy.Create(path, new() { CpusetCpus = "4096" }));
        error.Message.ShouldContain("cpuset.cpus");
        Hierarchy.Open(path).Directories.ShouldAllBe(directory => !Directory.Exists(directory));
    }

    [Fact]
    public void AStaleGroupIsReplacedAndABusyOneIsNot()
    {
        using var group = new TemporaryCgroup(Hierarchy, new() { Pids = 1 });
        Hierarchy.Create(group.Cgroup.Path, CgroupLimits.None).Path.ShouldBe(group.Cgroup.Path);
        group.Run("sleep 0").ShouldBe(0);
        using var process = group.Start("exec sleep 1000");
        Until(() => group.Cgroup.Pids().Count == 1);
        Should.Throw<SampanException>(() => Hierarchy.Create(group.Cgroup.Path, CgroupLimits.None)).Kind.ShouldBe(ErrorKind.Conflict);
        Hierarchy.Open(group.Cgroup.Path).Remove();
        process.WaitForExit(10_000).ShouldBeTrue();
    }

    [Fact]
    public void RemovingWhatIsGoneIsNoError()
    {
        var group = Hierarchy.Open($"/sampan-test-{Guid.NewGuid():N}");
        group.Pids().ShouldBeEmpty();
        group.Kill();
        group.Remove();
    }

    private static void Until(Func<bool> condition) => SpinWait.SpinUntil(condition, 10_000).ShouldBeTrue();
}
