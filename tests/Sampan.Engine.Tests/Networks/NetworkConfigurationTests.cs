using System.Net;
using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Tests.Networks;

/// <summary>networks.json: what it can say, and that it is not passed over when it says something else.</summary>
public sealed class NetworkConfigurationTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_a_file_the_usual_holds()
    {
        File.Delete(_file);
        var usual = NetworkConfiguration.Read(_file);
        usual.DefaultNetwork.ShouldBe("bridge");
        usual.Pools.ShouldBe(AddressPool.Default);
        usual.HostAddress.ShouldBeNull();
    }

    [Fact]
    public void Everything_said_is_heard()
    {
        var read = Read("""{"bridge": "none", "ip": "127.0.0.1", "default-address-pools": [{"base": "10.10.0.0/16", "size": 26}, {"base": "fd00::/48", "size": 64}]}""");
        read.DefaultNetwork.ShouldBe("none");
        read.HostAddress.ShouldBe(IPAddress.Loopback);
        read.Pools.ShouldBe([new(IPNetwork.Parse("10.10.0.0/16"), 26), new(IPNetwork.Parse("fd00::/48"), 64)]);
    }

    [Theory]
    [InlineData("""{"bip": "10.0.0.1/24"}""", "unknown key \"bip\": use bridge, default-address-pools or ip")]
    [InlineData("""{"bridge": "br0"}""", "bridge: \"none\" is expected")]
    [InlineData("""{"bridge": true}""", "bridge: a string is expected")]
    [InlineData("""{"ip": "localhost"}""", "ip: an IP address is expected")]
    [InlineData("""{"default-address-pools": []}""", "default-address-pools: a list like")]
    [InlineData("""{"default-address-pools": ["10.0.0.0/8"]}""", "default-address-pools: a list like")]
    [InlineData("""{"default-address-pools": [{"base": "10.0.0.0/8"}]}""", "default-address-pools: a list like")]
    [InlineData("""{"default-address-pools": [{"base": "10.0.0.0/24", "size": 16}]}""", "default-address-pools: a list like")]
    [InlineData("[]", "an object is expected")]
    [InlineData("{", "depth")]
    public void What_makes_no_sense_is_refused(string content, string complaint)
    {
        var refusal = Should.Throw<SampanException>(() => Read(content));
        refusal.Kind.ShouldBe(ErrorKind.InvalidArgument);
        refusal.Message.ShouldContain(_file + ": ");
        refusal.Message.ShouldContain(complaint);
    }

    private NetworkConfiguration Read(string content)
    {
        File.WriteAllText(_file, content);
        return NetworkConfiguration.Read(_file);
    }
}
