using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Tests.Resources;

public sealed class ResourceUpdateTests : IDisposable
{
    private readonly Cgroup _group = CgroupHierarchy.Detect().Create($"/sampan-test-{Guid.NewGuid():N}", CgroupLimits.None);

    public void Dispose() => _group.Remove();

    [Fact]
    public void WhatIsLeftOutOrZeroStays()
    {
        var current = Parse("""
            {"memory":{"limit":10,"swap":20,"reservation":5},"cpu":{"shares":512,"quota":1000,"cpus":"0"},"pids":{"limit":7},
             "blockIO":{"weight":300},"unified":{"memory.high":"1","memory.low":"2"}}
            """);
        var merged = ResourceUpdate.Merge(current, Parse("""
            {"memory":{"limit":0,"reservation":6},"cpu":{"shares":0,"period":50000,"cpus":""},"pids":{},"blockIO":{},"unified":{"memory.high":"3"}}
            """));
        (merged.Memory!.Limit, merged.Memory.Swap, merged.Memory.Reservation).ShouldBe((10, 20, 6));
        (merged.Cpu!.Shares, merged.Cpu.Quota, merged.Cpu.Period, merged.Cpu.Cpus).ShouldBe((512UL, 1000, 50_000UL, "0"));
        merged.Pids!.Limit.ShouldBe(7);
        merged.BlockIO!.Weight.ShouldBe((ushort)300);
        merged.Unified!["memory.high"].ShouldBe("3");
        merged.Unified["memory.low"].ShouldBe("2");
        ResourceUpdate.Merge(null, current).ShouldBeEquivalentTo(current);
    }

    [Fact]
    public void UnlimitedMemoryIsUnlimitedSwapToo()
    {
        ResourceUpdate.Merge(Parse("""{"memory":{"limit":10,"swap":20}}"""), Parse("""{"memory":{"limit":-1}}""")).Memory!.Swap.ShouldBe(-1);
        ResourceUpdate.Merge(null, Parse("""{"memory":{"limit":-1,"swap":30}}""")).Memory!.Swap.ShouldBe(30);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262_144, 10_000)]
    [InlineData(ulong.MaxValue, 10_000)]
    public void SharesBecomeTheWeightRunc11Gives(ulong shares, ulong weight) =>
        ResourceLimits.ForContainer(new() { Resources = new() { Cpu = new() { Shares = shares } } }).CpuWeight.ShouldBe(weight);

    [Fact]
    public void AnIdleContainerKeepsItsSharesForLater()
    {
        Assert.SkipWhen(CgroupHierarchy.Detect().Version == CgroupVersion.V2, "reads version 1 files");
        var linux = new RuntimeLinux { Resources = Parse("""{"cpu":{"shares":300}}""") };
        linux = linux with { Resources = ResourceUpdate.Apply(_group, linux, Parse("""{"cpu":{"idle":1}}""")) };
        Read("cpu", "cpu.idle").ShouldBe("1");
        linux = linux with { Resources = ResourceUpdate.Apply(_group, linux, Parse("""{"cpu":{"quota":50000}}""")) };
        Read("cpu", "cpu.cfs_quota_us").ShouldBe("50000");
        ResourceUpdate.Apply(_group, linux, Parse("""{"cpu":{"idle":0}}"""));
        (Read("cpu", "cpu.idle"), Read("cpu", "cpu.shares"), Read("cpu", "cpu.cfs_quota_us")).ShouldBe(("0", "300", "50000"));
    }

    [Fact]
    public void AnUpdateWithoutDevicesLeavesTheListAndOneWithDevicesKeepsTheDefaults()
    {
        Assert.SkipWhen(CgroupHierarchy.Detect().Version == CgroupVersion.V2, "reads version 1 files");
        var linux = new RuntimeLinux();
        ResourceUpdate.Apply(_group, linux, Parse("""{"pids":{"limit":100}}"""));
        Read("devices", "devices.list").ShouldBe("a *:* rwm");
        Read("pids", "pids.max").ShouldBe("100");
        ResourceUpdate.Apply(_group, linux, Parse("""{"devices":[{"allow":true,"type":"c","major":10,"minor":229,"access":"rwm"}]}"""));
        Read("devices", "devices.list").Split('\n').ShouldBe(
            [
                "b *:* m", "c *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 10:200 rwm",
                "c 10:229 rwm", "c 136:* rwm",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void ARefusedUpdateIsNotHalfDone()
    {
        Assert.SkipWhen(CgroupHierarchy.Detect().Version == CgroupVersion.V2, "reads version 1 files");
        var linux = new RuntimeLinux { Resources = ResourceUpdate.Apply(_group, null, Parse("""{"memory":{"limit":67108864}}""")) };
        Should.Throw<SampanException>(() => ResourceUpdate.Apply(_group, linux, Parse("""{"memory":{"limit":33554432},"cpu":{"quota":5}}""")));
        Read("memory", "memory.limit_in_bytes").ShouldBe("67108864");
    }

    private static RuntimeResources Parse(string json) => RuntimeJson.RuntimeResources.Parse(json);

    private string Read(string tree, string file) => File.ReadAllText($"/sys/fs/cgroup/{tree}{_group.Path}/{file}").TrimEnd('\n');
}
