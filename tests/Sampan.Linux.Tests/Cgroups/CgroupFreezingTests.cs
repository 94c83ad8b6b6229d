using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

/// <summary>Freezing on the kernel the tests run on: its cgroup2 group, and where there are version 1 trees their freezer too.</summary>
public sealed class CgroupFreezingTests
{
    public static TheoryData<bool> Freezers => CgroupHierarchy.Detect().Version == CgroupVersion.V2 ? [false] : [false, true];

    [Theory]
    [MemberData(nameof(Freezers))]
    public void AGroupThatForksWithoutEndIsFrozenAndThawed(bool controller)
    {
        using var group = new TemporaryCgroup(Hierarchy(controller), CgroupLimits.None);
        using var process = group.Start("while :; do (sh -c : & sh -c : & wait); done 2>&-");
        Until(() => group.Cgroup.Usage.CpuNanoseconds > 0 && group.Cgroup.Pids().Count > 1);
        for (var round = 0; round < 5; round++)
        {
            group.Cgroup.Freeze();
            group.Cgroup.IsFrozen.ShouldBeTrue();

            // A process counts as frozen when it is on its way off the CPU, and is charged for the way.
            process.WaitForExit(20).ShouldBeFalse();
            var before = group.Cgroup.Usage.CpuNanoseconds;
            process.WaitForExit(20).ShouldBeFalse();
            group.Cgroup.Usage.CpuNanoseconds.ShouldBe(before);
            group.Cgroup.Thaw();
            group.Cgroup.IsFrozen.ShouldBeFalse();
            Until(() => group.Cgroup.Usage.CpuNanoseconds > before);
        }

        group.Cgroup.Freeze();
        group.Cgroup.Remove();
        process.WaitForExit(10_000).ShouldBeTrue();
    }

    [Fact]
    public void WhatDoesNotFreezeIsThawed()
    {
        var directory = Directory.CreateTempSubdirectory("sampan-cgroup-").FullName;
        try
        {
            // A plain file never says FROZEN here: the shorter word does not cover the longer one.
            File.WriteAllText(directory + "/freezer.state", "FREEZING-FOR-EVER");
            Should.Throw<SampanException>(() => CgroupV1.Freeze(new(directory), CgroupDirectory.Now() + 30)).Kind.ShouldBe(ErrorKind.Unavailable);
            File.ReadAllText(directory + "/freezer.state").ShouldStartWith("THAWED");
        }
        finally
        {
            Directory.Delete(directory, true);
        }
    }

    [Theory]
    [MemberData(nameof(Freezers))]
    public void ASignalReachesEveryProcessAndLeavesAFrozenGroupFrozen(bool controller)
    {
        using var group = new TemporaryCgroup(Hierarchy(controller), CgroupLimits.None);
        using var process = group.Start("trap 'exit 7' TERM; while :; do sh -c :; done 2>&-");
        Until(() => group.Cgroup.Pids().Count > 1);
        group.Cgroup.Freeze();
        group.Cgroup.Signal(15);
        group.Cgroup.IsFrozen.ShouldBeTrue();
        process.WaitForExit(20).ShouldBeFalse();
        group.Cgroup.Thaw();
        process.WaitForExit(10_000).ShouldBeTrue();
        process.ExitCode.ShouldBe(7);
        using var other = group.Start("while :; do sh -c :; done 2>&-");
        Until(() => group.Cgroup.Pids().Count > 1);
        group.Cgroup.Freeze();
        group.Cgroup.Signal(9);
        group.Cgroup.IsFrozen.ShouldBeFalse();
        other.WaitForExit(10_000).ShouldBeTrue();
        Until(() => group.Cgroup.Pids().Count == 0);
        Should.Throw<LinuxException>(() =>
        {
            using var third = group.Start("exec sleep 1000");
            Until(() => group.Cgroup.Pids().Count == 1);
            group.Cgroup.Signal(200);
        }).Errno.ShouldBe(Errno.EINVAL);
        group.Cgroup.IsFrozen.ShouldBeFalse();
    }

    [Fact]
    public void GroupsAContainerMadeThreadedAreListedKilledAndRemoved()
    {
        var hierarchy = CgroupHierarchy.Detect();
        Assert.SkipWhen(hierarchy.Version == CgroupVersion.V1, "no cgroup2 tree");
        using var group = new TemporaryCgroup(hierarchy, CgroupLimits.None);
        var directory = group.Cgroup.CloneDirectory! + "/inner";
        Directory.CreateDirectory(directory);
        using var process = group.Start($"sleep 1000 & echo threaded > {directory}/cgroup.type; echo $! > {directory}/cgroup.threads; wait");
        Until(() => File.ReadAllText(directory + "/cgroup.type") == "threaded\n" && File.ReadAllText(directory + "/cgroup.threads").Length > 1);
        Until(() => group.Cgroup.Pids().Count == 2);
        group.Cgroup.Kill();
        process.WaitForExit(10_000).ShouldBeTrue();
        Directory.CreateDirectory(directory + "/deeper");
        group.Cgroup.Remove();
        Directory.Exists(group.Cgroup.CloneDirectory).ShouldBeFalse();
    }

    private static CgroupHierarchy Hierarchy(bool controller) => controller
        ? CgroupHierarchy.Of([.. CgroupMounts.Read("/sys/fs/cgroup").Where(mount => !mount.Unified)], "/sys/fs/cgroup")
        : CgroupHierarchy.Detect();

    private static void Until(Func<bool> condition) => SpinWait.SpinUntil(condition, 10_000).ShouldBeTrue();
}
