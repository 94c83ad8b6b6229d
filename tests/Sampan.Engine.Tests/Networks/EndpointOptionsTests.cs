using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Networks;

/// <summary>Options of a container's device.</summary>
public sealed class EndpointOptionsTests
{
    private const string Device = "com.docker.network.endpoint.ifname";
    private const string Parameters = "com.docker.network.endpoint.sysctls";

    [Fact]
    public void They_are_read()
    {
        Of(Device, "wan0").Device.ShouldBe("wan0");
        Of(Parameters, "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.neigh.IFNAME.gc_stale_time=9").ParametersOf("eth0.1")
            .ShouldBe([("ipv4/conf/eth0.1/log_martians", "1"), ("ipv6/neigh/eth0.1/gc_stale_time", "9")]);
        EndpointOptions.Of(null).Device.ShouldBeNull();
        EndpointOptions.Of(null).ParametersOf("eth0").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("foo", "1")]
    [InlineData(Device, "")]
    [InlineData(Device, "lo")]
    [InlineData(Device, "all")]
    [InlineData(Device, "a/b")]
    [InlineData(Device, "sixteencharacter")]
    [InlineData(Parameters, "")]
    [InlineData(Parameters, "net.ipv4.ip_forward=1")]
    [InlineData(Parameters, "net.ipv4.conf.all.forwarding=1")]
    [InlineData(Parameters, "kernel.ipv4.conf.IFNAME.forwarding=1")]
    [InlineData(Parameters, "net.core.conf.IFNAME.forwarding=1")]
    [InlineData(Parameters, "net.ipv4.conf.IFNAME.forwarding")]
    [InlineData(Parameters, "net.ipv4.conf.IFNAME.forwarding=")]
    [InlineData(Parameters, "net.ipv4.conf.IFNAME.a/../../b=1")]
    [InlineData(Parameters, "net.ipv4.conf.IFNAME.forwarding=1,")]
    public void What_makes_no_sense_is_refused(string name, string value) =>
        Should.Throw<SampanException>(() => Of(name, value)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    private static EndpointOptions Of(string name, string value) => EndpointOptions.Of(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value });
}
