using System.Diagnostics;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Systemd;

namespace Sampan.Runtime.Tests.Systemd;

/// <summary>Scopes of a real systemd.</summary>
public sealed class SystemdHierarchyTests
{
    public SystemdHierarchyTests() => Assert.SkipUnless(UserSystemd.IsPossible, "systemd, root and a cgroup2 tree are needed");

    [Fact]
    public void AScopeIsStartedJoinedLimitedAndStopped()
    {
        using var systemd = new UserSystemd();
        using var hierarchy = systemd.Hierarchy(UnitProperty.Of("TimeoutStopUSec", 5_000_000));
        var path = $"sampan-test.slice:sampan:{Guid.NewGuid():N}";
        var cgroup = hierarchy.Create(path, new() { Pids = 10, Memory = 64 << 20, CpuQuota = 50_000, CpuPeriod = 100_000 });
        try
        {
            cgroup.Path.ShouldBe($"{systemd.Root}/sampan.slice/sampan-test.slice/{path.Replace("sampan-test.slice:", "").Replace(':', '-')}.scope");
            cgroup.Pids().Count.ShouldBe(1);
            cgroup.Read("pids", "pids.max").ShouldBe("11");
            cgroup.Read("memory", "memory.limit_in_bytes").ShouldBe((64 << 20).ToString());
            cgroup.Trees.ShouldContain(tree => tree.Unified);
            using var process = Join(cgroup, "exec sleep 1000");
            SpinWait.SpinUntil(() => cgroup.Pids().Contains(process.Id), 10_000).ShouldBeTrue();
            cgroup.Settle();
            cgroup.Pids().ShouldBe([process.Id]);
            cgroup.Read("pids", "pids.max").ShouldBe("10");
            cgroup.Apply(new() { Pids = 20 });
            hierarchy.Open(path).Pids().ShouldBe([process.Id]);
            Should.Throw<SampanException>(() => hierarchy.Create(path, CgroupLimits.None)).Kind.ShouldBe(ErrorKind.Conflict);
            process.HasExited.ShouldBeFalse();
            hierarchy.Open(path).Remove();
            process.WaitForExit(10_000).ShouldBeTrue();
            cgroup.Directories.ShouldAllBe(directory => !Directory.Exists(directory));
        }
        finally
        {
            cgroup.Remove();
        }
    }

    [Fact]
    public void ARefusedLimitLeavesNoScope()
    {
        using var systemd = new UserSystemd();
        using var hierarchy = systemd.Hierarchy();
        var path = $"sampan-test.slice:sampan:{Guid.NewGuid():N}";
        Should.Throw<SampanException>(() => hierarchy.Create(path, new() { CpusetCpus = "4096" })).Message.ShouldContain("4096");
        hierarchy.Create(path, CgroupLimits.None).Remove();
        hierarchy.Open(path).Directories.ShouldBeEmpty();
    }

    [Fact]
    public void WhatSystemdRefusesIsSaidInItsWords()
    {
        using var systemd = new UserSystemd();
        using var hierarchy = systemd.Hierarchy(UnitProperty.Of("NoSuchProperty", true));
        Should.Throw<SampanException>(() => hierarchy.Create($"sampan-test.slice:sampan:{Guid.NewGuid():N}", CgroupLimits.None))
            .Message.ShouldContain("NoSuchProperty");
        using var manager = systemd.Connect();
        manager.Version.ShouldBeGreaterThan(200);
        manager.StopUnit("sampan-none.scope");
        Should.Throw<SampanException>(() => manager.SetUnitProperties("sampan-none.scope", [UnitProperty.Of("TasksMax", 3)])).Message
            .ShouldContain("sampan-none.scope");
    }

    [Fact]
    public void EveryPropertyIsOneSystemdKnows()
    {
        using var systemd = new UserSystemd();
        using var hierarchy = systemd.Hierarchy();
        using var manager = systemd.Connect();
        var cgroup = hierarchy.Create($"sampan-test.slice:sampan:{Guid.NewGuid():N}", CgroupLimits.None);
        try
        {
            var limits = new CgroupLimits
            {
                Memory = 1 << 30,
                MemoryReservation = 1 << 20,
                MemorySwap = -1,
                CpuShares = 512,
                CpuQuota = 12_345,
                CpuPeriod = 100_000,
                CpusetCpus = "0-1",
                CpusetMems = "0",
                Pids = 100,
                BlockWeight = 300,
                Devices =
                [
                    DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.All), new(true, 'c', 136, null, DeviceAccess.All),
                    new(true, 'b', null, null, DeviceAccess.Make),
                ],
            };
            var unit = Path.GetFileName(cgroup.Path);
            foreach (var property in (IEnumerable<UnitProperty>)
                [
                    .. ScopeProperties.Of(limits, true, manager.Version), .. ScopeProperties.Of(limits, false, manager.Version),
                    .. ScopeProperties.Of(
                        new()
                        {
                            Unified =
                            [
                                new("memory.high", "max"), new("memory.min", "1"), new("memory.low", "2"), new("memory.swap.max", "3"),
                                new("cpu.weight", "77"), new("pids.max", "9"), new("cpu.max", "max 50000"), new("cpuset.cpus", "0"),
                            ],
                        },
                        true,
                        manager.Version),
                ])
            {
                Should.NotThrow(() => manager.SetUnitProperties(unit, [property]), property.Name);
            }
        }
        finally
        {
            cgroup.Remove();
        }
    }

    private static Process Join(Cgroup cgroup, string command)
    {
        var joins = string.Concat(cgroup.JoinFiles.Select(file => $"echo 0 > {file}; "));
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{joins}echo 0 > {cgroup.CloneDirectory}/cgroup.procs; {command}"]))!;
    }
}
