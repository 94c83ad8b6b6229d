using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class CgroupSettingsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(512, 59)]
    [InlineData(1024, 100)]
    [InlineData(2048, 174)]
    [InlineData(262_144, 10_000)]
    [InlineData(999_999, 10_000)]
    public void SharesBecomeWeights(ulong shares, ulong weight) => CgroupV2Settings.Weight(shares).ShouldBe(weight);

    [Fact]
    public void Version1WritesMemoryBeforeMemoryAndSwap() =>
        Lines(CgroupV1Settings.Of(new() { Memory = 64 << 20, MemorySwap = 128 << 20, MemoryReservation = 1 << 20, Pids = 32 })).ShouldBe(
        [
            "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=134217728", "memory.soft_limit_in_bytes=1048576", "pids.max=32",
        ]);

    [Fact]
    public void Version2CountsSwapAlone() =>
        Lines(CgroupV2Settings.Of(new() { Memory = 64 << 20, MemorySwap = 128 << 20, MemoryReservation = 1 << 20, Pids = -1 })).ShouldBe(
            ["memory.max=67108864", "memory.low=1048576", "memory.swap.max=67108864", "pids.max=max"]);

    [Theory]
    [InlineData(null, 50_000L, "cpu.max=50000 100000")]
    [InlineData(20_000UL, 10_000L, "cpu.max=10000 20000")]
    [InlineData(20_000UL, null, "cpu.max=max 20000")]
    [InlineData(null, -1L, "cpu.max=max 100000")]
    public void QuotaAndPeriodBecomeOneFile(ulong? period, long? quota, string expected) =>
        Lines(CgroupV2Settings.Of(new() { CpuPeriod = period, CpuQuota = quota })).ShouldBe([expected]);

    [Fact]
    public void SwapWithoutMemoryIsRefusedOnVersion2() =>
        Should.Throw<SampanException>(() => CgroupV2Settings.Of(new() { MemorySwap = 1 << 20 })).Kind.ShouldBe(ErrorKind.InvalidArgument);

    [Fact]
    public void UnlimitedSwapIsMax() => Lines(CgroupV2Settings.Of(new() { Memory = 1 << 30, MemorySwap = -1 })).ShouldContain("memory.swap.max=max");

    [Fact]
    public void WhatAVersionLacksIsAnErrorNotSilence()
    {
        Should.Throw<SampanException>(() => CgroupV2Settings.Of(new() { Swappiness = 3 })).Kind.ShouldBe(ErrorKind.Unavailable);
        Should.Throw<SampanException>(() => CgroupV1Settings.Of(new() { Unified = [new("memory.high", "1")] })).Kind.ShouldBe(ErrorKind.Unavailable);
        Should.Throw<SampanException>(() => CgroupV2Settings.Of(new() { Unified = [new("../memory.high", "1")] })).Kind
            .ShouldBe(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void DeviceRulesAreWordedAsTheControllerReadsThem() =>
        Lines(CgroupV1Settings.Of(new()
        {
            Devices = [DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.All), new(true, 'b', null, null, DeviceAccess.Make)],
        })).ShouldBe(["devices.deny=a", "devices.allow=c 1:3 rwm", "devices.allow=b *:* m"]);

    [Fact]
    public void ThrottlesNameTheDevice()
    {
        var limits = new CgroupLimits { BlockThrottles = [new(8, 0, true, false, 1000)], HugePages = [new("2MB", 4)] };
        Lines(CgroupV1Settings.Of(limits)).ShouldBe(["blkio.throttle.write_bps_device=8:0 1000", "hugetlb.2MB.limit_in_bytes=4", "hugetlb.2MB.rsvd.limit_in_bytes=4"]);
        Lines(CgroupV2Settings.Of(limits)).ShouldBe(["io.max=8:0 wbps=1000", "hugetlb.2MB.max=4", "hugetlb.2MB.rsvd.max=4"]);
    }

    [Fact]
    public void WeightsNameTheFileOfEitherScheduler()
    {
        var limits = new CgroupLimits { BlockWeight = 500, BlockDeviceWeights = [new(8, 0, 1000, null)] };
        CgroupV1Settings.Of(limits).ShouldBe(
        [
            new("blkio", "blkio.bfq.weight", "500") { OtherFile = "blkio.weight", OtherValue = "500" },
            new("blkio", "blkio.bfq.weight_device", "8:0 1000") { OtherFile = "blkio.weight_device", OtherValue = "8:0 1000" },
        ]);
        CgroupV2Settings.Of(limits).ShouldBe(
        [
            new("io", "io.bfq.weight", "500") { OtherFile = "io.weight", OtherValue = "4950" },
            new("io", "io.bfq.weight", "8:0 1000") { OtherFile = "io.weight", OtherValue = "8:0 10000" },
        ]);
    }

    [Fact]
    public void RdmaNamesWhatIsLimited()
    {
        var limits = new CgroupLimits { Rdma = [new("mlx4_0", 2, 2000), new("ocrdma1", null, 3), new("none", null, null)] };
        string[] expected = ["rdma.max=mlx4_0 hca_handle=2 hca_object=2000", "rdma.max=ocrdma1 hca_object=3"];
        Lines(CgroupV1Settings.Of(limits)).ShouldBe(expected);
        Lines(CgroupV2Settings.Of(limits)).ShouldBe(expected);
    }

    [Fact]
    public void IdlenessEndsBeforeAWeightAndBeginsAfterIt()
    {
        Lines(CgroupV1Settings.Of(new() { CpuIdle = 0, CpuShares = 2 })).ShouldBe(["cpu.idle=0", "cpu.shares=2"]);
        Lines(CgroupV1Settings.Of(new() { CpuIdle = 1, CpuShares = 2 })).ShouldBe(["cpu.shares=2", "cpu.idle=1"]);
        Lines(CgroupV2Settings.Of(new() { CpuIdle = 1, CpuShares = 2 })).ShouldBe(["cpu.weight=1", "cpu.idle=1"]);
    }

    [Theory]
    [InlineData("memory/high", "no slashes")]
    [InlineData("memory", "CONTROLLER.PARAMETER")]
    [InlineData(".high", "CONTROLLER.PARAMETER")]
    public void UnifiedNamesAreFileNames(string name, string expected)
    {
        var error = Should.Throw<SampanException>(() => CgroupV2Settings.Of(new() { Unified = [new(name, "1")] }));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void WhatOnlyVersion1HasIsRefusedByVersion2()
    {
        foreach (var limits in (CgroupLimits[])
            [
                new() { CpuRealtimePeriod = 1 }, new() { BlockLeafWeight = 10 }, new() { BlockDeviceWeights = [new(8, 0, null, 10)] },
                new() { MemoryUseHierarchy = false }, new() { NetworkClass = 1 },
            ])
        {
            Should.Throw<SampanException>(() => CgroupV2Settings.Of(limits)).Kind.ShouldBe(ErrorKind.Unavailable);
        }

        Should.Throw<SampanException>(() => CgroupV1Settings.Of(new() { Swappiness = 101 })).Message.ShouldContain("0-100");
    }

    private static IEnumerable<string> Lines(IEnumerable<CgroupSetting> settings) => settings.Select(setting => $"{setting.File}={setting.Value}");
}
