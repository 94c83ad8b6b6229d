using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Tests.Resources;

public sealed class ResourceLimitsTests
{
    [Fact]
    public void EveryResourceBecomesALimit()
    {
        var limits = ResourceLimits.Of(new()
        {
            Memory = new() { Limit = 1, Reservation = 2, Swap = 3 },
            Cpu = new() { Shares = 4, Quota = 5, Period = 6, Cpus = "0", Mems = "1" },
            Pids = new() { Limit = 7 },
            BlockIO = new() { Weight = 8, ThrottleWriteIOPSDevice = [new() { Major = 8, Minor = 1, Rate = 9 }] },
            HugepageLimits = [new() { PageSize = "2MB", Limit = 10 }],
            Devices = [new() { Allow = false, Access = "rwm" }, new() { Allow = true, Type = "c", Major = 1, Minor = -1, Access = "rw" }],
        });
        limits.Memory.ShouldBe(1);
        limits.MemorySwap.ShouldBe(3);
        limits.CpuPeriod.ShouldBe(6UL);
        limits.CpusetMems.ShouldBe("1");
        limits.Pids.ShouldBe(7);
        limits.BlockThrottles.ShouldBe([new(8, 1, true, true, 9)]);
        limits.HugePages.ShouldBe([new("2MB", 10)]);
        limits.Devices.ShouldBe([DeviceRule.DenyAll, new(true, 'c', 1, null, DeviceAccess.Read | DeviceAccess.Write)]);
    }

    [Fact]
    public void TheRarerResourcesBecomeLimitsToo()
    {
        var limits = ResourceLimits.Of(new()
        {
            Memory = new() { Swappiness = 1, DisableOOMKiller = true, UseHierarchy = true, CheckBeforeUpdate = true },
            Cpu = new() { RealtimeRuntime = 2, RealtimePeriod = 3, Burst = 4, Idle = 1 },
            BlockIO = new() { LeafWeight = 5, WeightDevice = [new() { Major = 8, Minor = 0, Weight = 6, LeafWeight = 7 }] },
            Rdma = new Dictionary<string, RuntimeRdma> { ["mlx5_0"] = new() { HcaHandles = 8 } },
            Network = new() { ClassID = 9, Priorities = [new() { Name = "eth0", Priority = 10 }] },
            Unified = new Dictionary<string, string> { ["memory.high"] = "11" },
        });
        (limits.Swappiness, limits.DisableOomKiller, limits.MemoryUseHierarchy, limits.CheckMemoryFirst).ShouldBe((1UL, true, true, true));
        (limits.CpuRealtimeRuntime, limits.CpuRealtimePeriod, limits.CpuBurst, limits.CpuIdle).ShouldBe((2, 3UL, 4UL, 1));
        limits.BlockLeafWeight.ShouldBe((ushort)5);
        limits.BlockDeviceWeights.ShouldBe([new(8, 0, 6, 7)]);
        limits.Rdma.ShouldBe([new("mlx5_0", 8, null)]);
        limits.NetworkClass.ShouldBe(9U);
        limits.NetworkPriorities.ShouldBe([new("eth0", 10)]);
        limits.Unified.ShouldBe([new("memory.high", "11")]);
    }

    [Fact]
    public void ZerosOfCallersThatSendEverythingAskForNothing() =>
        ResourceLimits.Of(new()
        {
            Memory = new() { Limit = 0, Reservation = 0, Swap = 0 },
            Cpu = new() { Shares = 0, Quota = 0, Period = 0, RealtimePeriod = 0, RealtimeRuntime = 0 },
            Pids = new(),
            BlockIO = new() { Weight = 0, LeafWeight = 0 },
            Network = new() { ClassID = 0 },
        }).ShouldBeEquivalentTo(CgroupLimits.None with
        {
            BlockDeviceWeights = new List<BlockDeviceWeight>(),
            BlockThrottles = new List<BlockThrottle>(),
            HugePages = new List<KeyValuePair<string, ulong>>(),
            Rdma = new List<RdmaLimit>(),
            NetworkPriorities = new List<KeyValuePair<string, uint>>(),
        });

    [Fact]
    public void AContainersDeviceListBeginsWithNothingAndEndsWithTheDefaultDevices()
    {
        var rules = ResourceLimits.ForContainer(new()
        {
            Resources = new() { Devices = [new() { Allow = true, Type = "c", Major = 10, Minor = 229, Access = "rwm" }] },
            Devices = [new() { Path = "/dev/null", Type = "c", Major = 1, Minor = 3 }],
        }).Devices!;
        rules[0].ShouldBe(DeviceRule.DenyAll);
        rules[1].ShouldBe(new(true, 'c', 10, 229, DeviceAccess.All));
        rules.ShouldContain(new DeviceRule(true, 'c', 1, 5, DeviceAccess.All));
        rules.ShouldNotContain(new DeviceRule(true, 'c', 1, 3, DeviceAccess.All));
        ResourceLimits.ForContainer(null).Devices!.Count.ShouldBe(12);
    }

    [Fact]
    public void WhatNoKernelGivesAnyMoreIsWarnedOf()
    {
        ResourceLimits.Warnings(new() { Memory = new() { Kernel = 1 } }).ShouldHaveSingleItem().ShouldContain("Kernel memory");
        ResourceLimits.Warnings(new() { Memory = new() { Limit = 1 } }).ShouldBeEmpty();
    }

    [Fact]
    public void AMalformedDeviceRuleIsRefused()
    {
        Should.Throw<SampanException>(() => ResourceLimits.Of(new() { Devices = [new() { Type = "x" }] })).Kind.ShouldBe(ErrorKind.InvalidArgument);
        ResourceLimits.Of(null).ShouldBeSameAs(CgroupLimits.None);
    }
}
