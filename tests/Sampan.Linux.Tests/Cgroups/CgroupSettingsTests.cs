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
        Lines(CgroupV1Settings.Of(limits)).ShouldBe(["blkio.throttle.write_bps_device=8:0 1000", "hugetlb.2MB.limit_in_bytes=4"]);
        Lines(CgroupV2Settings.Of(limits)).ShouldBe(["io.max=8:0 wbps=1000", "hugetlb.2MB.max=4"]);
    }

    private static IEnumerable<string> Lines(IEnumerable<CgroupSetting> settings) => settings.Select(setting => $"{setting.File}={setting.Value}");
}
