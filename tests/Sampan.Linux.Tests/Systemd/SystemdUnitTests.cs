using Sampan.Linux.Cgroups;
using Sampan.Linux.Systemd;

namespace Sampan.Linux.Tests.Systemd;

public sealed class SystemdUnitTests
{
    [Theory]
    [InlineData("system.slice:docker:1f2e", "/system.slice/docker-1f2e.scope")]
    [InlineData(":runc:a", "/system.slice/runc-a.scope")]
    [InlineData("a-b-c.slice:p:n", "/a.slice/a-b.slice/a-b-c.slice/p-n.scope")]
    [InlineData("-.slice:p:n", "/p-n.scope")]
    [InlineData("a.slice::n", "/a.slice/n.scope")]
    public void PathsNameAScope(string path, string expected) => SystemdUnit.Parse(path).ControlGroup.ShouldBe(expected);

    [Theory]
    [InlineData("/system.slice/x")]
    [InlineData("a:b")]
    [InlineData("a.slice:b:c:d")]
    [InlineData("a.slice:b:")]
    [InlineData("a.slice:b:c.slice")]
    [InlineData("a.slice:b:../c")]
    [InlineData("a.slice:b:c d")]
    [InlineData("slice:b:c")]
    [InlineData(".slice:b:c")]
    [InlineData("-a.slice:b:c")]
    [InlineData("a--b.slice:b:c")]
    [InlineData("a-.slice:b:c")]
    [InlineData("../a.slice:b:c")]
    public void OtherPathsAreRefused(string path) => Should.Throw<SampanException>(() => SystemdUnit.Parse(path)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    [Theory]
    [InlineData("0-2,5", new byte[] { 0b0010_0111 })]
    [InlineData("9", new byte[] { 0, 2 })]
    [InlineData(" 0, 8 ", new byte[] { 1, 1 })]
    public void ListsBecomeMasks(string list, byte[] expected) => CpuMask.Of(list).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("1-")]
    [InlineData("99999999")]
    public void OtherListsAreRefused(string list) => Should.Throw<SampanException>(() => CpuMask.Of(list)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    [Fact]
    public void LimitsBecomeTheSameProperties() =>
        ScopeProperties.Of(
            new() { Memory = 1 << 20, MemorySwap = 3 << 20, CpuShares = 1024, CpuQuota = 12_345, CpuPeriod = 100_000, Pids = -1, CpusetCpus = "0-1" },
            true,
            252).Select(property => property.Name + "=" + property.Text).ShouldBe(
            [
                "MemoryMax=1048576", "MemorySwapMax=2097152", "CPUWeight=100", "CPUQuotaPeriodUSec=100000", "CPUQuotaPerSecUSec=130000", "TasksMax=infinity",
                "AllowedCPUs=03",
            ]);

    [Fact]
    public void DevicesAreNamedByTypeAndNumber() =>
        ScopeProperties.Of(
            new()
            {
                Devices =
                [
                    DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.Read), new(true, 'c', 136, null, DeviceAccess.All), new(true, 'b', null, null, DeviceAccess.Make),
                ],
            },
            false,
            252).Select(property => property.Name + "=" + property.Text).ShouldBe(
            ["DevicePolicy=strict", "DeviceAllow=", "DeviceAllow=/dev/char/1:3 r, char-136 rwm, block-* m"]);

    [Fact]
    public void OldVersionsAreNotToldWhatTheyDoNotKnow() =>
        ScopeProperties.Of(new() { CpuQuota = -1, CpuPeriod = 1000, CpusetCpus = "0" }, true, 219)
            .Select(property => property.Name + "=" + property.Text).ShouldBe(["CPUQuotaPerSecUSec=infinity"]);
}
