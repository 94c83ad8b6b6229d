using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Runtime.Resources;

namespace Sampan.Engine.Tests.Specs;

public sealed class ResourceSpecsTests
{
    [Fact]
    public void SwapIsAsMuchAgainAsMemory()
    {
        SpecRequests.Build(new() { Memory = 64 << 20 }).Linux!.Resources!.Memory!.Swap.ShouldBe(128 << 20);
        SpecRequests.Build(new() { Memory = 64 << 20, MemorySwap = -1 }).Linux!.Resources!.Memory!.Swap.ShouldBe(-1);
        var request = SpecRequests.Of(new() { Memory = 64 << 20 }) with { Host = SpecRequests.Host with { HasSwapLimit = false } };
        RuntimeSpecBuilder.Build(request).Linux!.Resources!.Memory!.Swap.ShouldBeNull();
    }

    [Fact]
    public void CpusBecomeAQuota()
    {
        var cpu = SpecRequests.Build(new() { NanoCpus = 500_000_000, CpuShares = 512, CpusetCpus = "0-1", CpusetMems = "0" }).Linux!.Resources!.Cpu!;
        (cpu.Quota, cpu.Period, cpu.Shares, cpu.Cpus, cpu.Mems).ShouldBe((50_000L, 100_000UL, 512UL, "0-1", "0"));
    }

    [Theory]
    [InlineData(3_000_000_000)]
    [InlineData(1_000_000)]
    [InlineData(-1)]
    public void MoreCpusThanThereAreAreRefused(long nanoCpus) =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { NanoCpus = nanoCpus })).Message
            .ShouldBe("Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available");

    [Theory]
    [InlineData("0-x", "Invalid value 0-x for cpuset cpus")]
    [InlineData("1-0", "Invalid value 1-0 for cpuset cpus")]
    [InlineData("0,5", "Requested CPUs are not available - requested 0,5, available: 0-1")]
    public void CpuListsAreChecked(string list, string message) =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { CpusetCpus = list })).Message.ShouldBe(message);

    [Theory]
    [InlineData(32L, 32L)]
    [InlineData(0L, null)]
    [InlineData(-1L, null)]
    [InlineData(null, null)]
    public void ThePidsLimitIsPositive(long? asked, long? expected) =>
        (SpecRequests.Build(new() { PidsLimit = asked }).Linux!.Resources!.Pids?.Limit).ShouldBe(expected);

    [Fact]
    public void UlimitsHaveTheKernelsNames()
    {
        var limit = SpecRequests.Build(new() { Ulimits = [new() { Name = "nofile", Soft = 10, Hard = -1 }] }).Process!.Rlimits!.Single();
        (limit.Type, limit.Soft, limit.Hard).ShouldBe(("RLIMIT_NOFILE", 10UL, ulong.MaxValue));
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { Ulimits = [new() { Name = "nofile", Soft = -1, Hard = 10 }] }));
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { Ulimits = [new() { Name = "files" }] })).Message.ShouldBe("invalid ulimit type: files");
    }

    [Fact]
    public void ADeviceIsMadeAndAllowed()
    {
        var linux = SpecRequests.Build(new() { Devices = [new() { PathOnHost = "/dev/zero", PathInContainer = "/dev/nought", CgroupPermissions = "r" }] }).Linux!;
        var device = linux.Devices!.Single();
        (device.Path, device.Type, device.Major, device.Minor, device.FileMode).ShouldBe(("/dev/nought", "c", 1L, 5L, 0x1B6u));
        ResourceLimits.Of(linux.Resources).Devices![^1].ToString().ShouldBe("c 1:5 r");
    }

    [Theory]
    [InlineData("/dev/none", "rwm", "error gathering device information while adding custom device \"/dev/none\": no such file or directory")]
    [InlineData("/etc/passwd", "rwm", "error gathering device information while adding custom device \"/etc/passwd\": not a device node")]
    [InlineData("/dev/null", "rx", "bad mode specified: rx: use letters of rwm")]
    public void WhatIsNoDeviceIsRefused(string path, string access, string message) =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { Devices = [new() { PathOnHost = path, CgroupPermissions = access }] }))
            .Message.ShouldBe(message);

    [Theory]
    [InlineData("kernel.shmmax", "none", "private", true)]
    [InlineData("fs.mqueue.msg_max", "none", "private", true)]
    [InlineData("net.core.somaxconn", "none", "private", true)]
    [InlineData("net/ipv4/conf/eth0.1/forwarding", "none", "private", true)]
    [InlineData("net.core.somaxconn", "host", "private", false)]
    [InlineData("net/core/somaxconn", "host", "private", false)]
    [InlineData("kernel.shmmax", "none", "host", false)]
    [InlineData("kernel.hostname", "none", "private", false)]
    [InlineData("kernel.panic", "none", "private", false)]
    [InlineData("net.../../kernel.panic", "none", "private", false)]
    [InlineData("net./../kernel/panic", "none", "private", false)]
    public void OnlyTheContainersOwnParametersAreSet(string name, string network, string ipc, bool allowed)
    {
        var host = new HostConfig { NetworkMode = network, IpcMode = ipc, Sysctls = new Dictionary<string, string> { [name] = "1" } };
        if (allowed)
        {
            SpecRequests.Build(host).Linux!.Sysctl![name].ShouldBe("1");
        }
        else
        {
            Should.Throw<SampanException>(() => SpecRequests.Build(host)).Kind.ShouldBe(ErrorKind.InvalidArgument);
        }
    }
}
