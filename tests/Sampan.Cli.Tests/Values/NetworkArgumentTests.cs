using Sampan.Cli.Values;
using Sampan.Flags;

namespace Sampan.Cli.Tests.Values;

/// <summary>The two forms of --network.</summary>
public sealed class NetworkArgumentTests
{
    [Fact]
    public void A_name_or_fields()
    {
        NetworkArgument.Parse("n1").Network.ShouldBe("n1");
        var settings = NetworkArgument.Parse("name=n1,alias=a,ALIAS=b, ip=10.0.0.9,ip6=fd00::9,mac-address=02:00:00:00:00:01");
        settings.Network.ShouldBe("n1");
        settings.Aliases.ShouldBe(["a", "b"]);
        settings.IPv4Address.ShouldBe("10.0.0.9");
        settings.IPv6Address.ShouldBe("fd00::9");
        settings.MacAddress.ShouldBe("02:00:00:00:00:01");
    }

    [Fact]
    public void What_the_device_is_to_be()
    {
        var settings = NetworkArgument.Parse("name=n1,gw-priority=-5,link-local-ip=169.254.1.1,link-local-ip=fe80::1,driver-opt=A=1,\"driver-opt=b=2,c=3\"");
        settings.GwPriority.ShouldBe(-5);
        settings.LinkLocalIPs.ShouldBe(["169.254.1.1", "fe80::1"]);
        settings.DriverOpts.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2,c=3" });
    }

    [Theory]
    [InlineData("alias=a", "network name/id is not specified")]
    [InlineData("name=n,foo=1", "invalid field key foo")]
    [InlineData("name=n,foo", "invalid field foo")]
    [InlineData("name=n,=x", "invalid field =x")]
    [InlineData("name=n,driver-opt=a", "invalid key value pair format in driver options")]
    [InlineData("name=n,driver-opt==a", "invalid key value pair format in driver options")]
    [InlineData("name=n,gw-priority=x", "invalid gw-priority (x): invalid syntax")]
    [InlineData("name=n,\"alias=x", "extraneous or missing \" in quoted-field in 'name=n,\"alias=x'")]
    public void What_makes_no_sense_is_refused(string text, string complaint) =>
        Should.Throw<ValueException>(() => NetworkArgument.Parse(text)).Message.ShouldBe(complaint);
}
