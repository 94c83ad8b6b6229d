using Sampan.Linux.Capabilities;

namespace Sampan.Linux.Tests.Capabilities;

public sealed class CapabilityTests
{
    [Theory]
    [InlineData("NET_ADMIN")]
    [InlineData("CAP_NET_ADMIN")]
    [InlineData("cap_net_admin")]
    [InlineData("net_Admin")]
    public void NamesAreReadInEverySpelling(string name) => CapabilityNames.Parse(name).ShouldBe(Capability.NetAdmin);

    [Theory]
    [InlineData("", "CAP_")]
    [InlineData("CAP_", "CAP_")]
    [InlineData("net_admin ", "CAP_NET_ADMIN ")]
    [InlineData("NETADMIN", "CAP_NETADMIN")]
    public void UnknownNamesAreNamedInTheError(string name, string full) =>
        Should.Throw<SampanException>(() => CapabilityNames.Parse(name)).Message.ShouldContain($"unknown capability: \"{full}\"");

    [Fact]
    public void EveryCapabilityOfTheEnumHasTheNameOfItsNumber()
    {
        foreach (var capability in Enum.GetValues<Capability>())
        {
            capability.Name().Replace("_", "", StringComparison.Ordinal)[3..].ShouldBe(capability.ToString(), StringCompareShould.IgnoreCase);
        }

        CapabilityNames.Count.ShouldBe(41);
    }

    [Fact]
    public void TheBoundingSetIsWhatTheKernelPrints()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapBnd:", StringComparison.Ordinal));
        CapabilitySet.Bounding().Bits.ShouldBe(Convert.ToUInt64(line[7..].Trim(), 16));
        CapabilitySet.LastOfKernel().ShouldBeGreaterThanOrEqualTo(37);
    }

    [Fact]
    public void TheDefaultIsDockersFourteen() =>
        CapabilitySet.ContainerDefault.ToNames().ShouldBe(
        [
            "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP",
        ]);

    [Fact]
    public void NamesSurviveARoundTrip() => CapabilitySet.FromNames(CapabilitySet.All.ToNames()).ShouldBe(CapabilitySet.All);

    [Fact]
    public void AllMeansTheBoundingSet()
    {
        var bounding = CapabilitySet.All.Without(Capability.SysResource);
        CapabilityRequest.Resolve(["all"], null, false, bounding).ShouldBe(bounding);
        CapabilityRequest.Resolve(null, null, true, bounding).ShouldBe(bounding);
        CapabilityRequest.Resolve(["ALL"], ["MKNOD"], false, bounding).ShouldBe(bounding.Without(Capability.Mknod));
    }

    [Fact]
    public void DropsAndAddsAreAppliedToTheDefault()
    {
        CapabilityRequest.Resolve(["NET_ADMIN"], ["CHOWN"], false, CapabilitySet.All)
            .ShouldBe(CapabilitySet.ContainerDefault.Without(Capability.Chown).With(Capability.NetAdmin));
        CapabilityRequest.Resolve(["CHOWN"], ["ALL"], false, CapabilitySet.All).ShouldBe(CapabilitySet.Of(Capability.Chown));
        CapabilityRequest.Resolve(null, ["ALL"], false, CapabilitySet.All).ShouldBe(CapabilitySet.Empty);
    }

    [Fact]
    public void AnAddedCapabilityThatCannotBeHadIsAnError()
    {
        var bounding = CapabilitySet.All.Without(Capability.SysResource);
        Should.Throw<SampanException>(() => CapabilityRequest.Resolve(["SYS_RESOURCE"], null, false, bounding))
            .Message.ShouldContain("CAP_SYS_RESOURCE");
    }
}
