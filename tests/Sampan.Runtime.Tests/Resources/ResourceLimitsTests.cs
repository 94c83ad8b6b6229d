using Sampan.Linux;
using Sampan.Linux.Cgroups;
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
    public void NothingIsDroppedInSilence()
    {
        Should.Throw<SampanException>(() => ResourceLimits.Of(new() { Cpu = new() { RealtimeRuntime = 1 } })).Kind.ShouldBe(ErrorKind.Unavailable);
        Should.Throw<SampanException>(() => ResourceLimits.Of(new() { Devices = [new() { Type = "x" }] })).Kind.ShouldBe(ErrorKind.InvalidArgument);
        ResourceLimits.Of(null).ShouldBeSameAs(CgroupLimits.None);
    }
}
