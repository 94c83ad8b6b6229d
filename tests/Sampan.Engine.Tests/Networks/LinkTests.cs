using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Networks;

/// <summary>Links in words, and as variables.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData("web", "web", "web")]
    [InlineData("web:q", "web", "q")]
    [InlineData("/web:/me/q", "web", "q")]
    public void They_are_read(string text, string container, string alias) => LinkText.Parse(text).ShouldBe((container, alias));

    [Theory]
    [InlineData("", "empty string specified for links")]
    [InlineData("a:b:c", "bad format for links: a:b:c")]
    [InlineData(":b", "bad format for links: :b")]
    [InlineData("a:", "bad format for links: a:")]
    [InlineData("a b:c", "bad format for links: a b:c")]
    public void Malformed_ones_are_refused(string text, string complaint) =>
        Should.Throw<SampanException>(() => LinkText.Parse(text)).Message.ShouldBe(complaint);

    [Fact]
    public void Variables_are_dockers()
    {
        var ports = new Dictionary<string, EmptyObject>(StringComparer.Ordinal) { ["81/tcp"] = new(), ["80/udp"] = new(), ["80/tcp"] = new(), ["9000/tcp"] = new() };
        LinkEnvironment.Of("/me/my-db", "10.0.0.2", new() { ExposedPorts = ports, Env = ["A=1=2", "HOME=/x", "PATH=/y", "gone"] }).ShouldBe(
        [
            "MY_DB_PORT=tcp://10.0.0.2:80",
            "MY_DB_PORT_80_TCP_START=tcp://10.0.0.2:80", "MY_DB_PORT_80_TCP_ADDR=10.0.0.2", "MY_DB_PORT_80_TCP_PROTO=tcp", "MY_DB_PORT_80_TCP_PORT_START=80",
            "MY_DB_PORT_80_TCP_END=tcp://10.0.0.2:81", "MY_DB_PORT_80_TCP_PORT_END=81",
            "MY_DB_PORT_80_TCP=tcp://10.0.0.2:80", "MY_DB_PORT_80_TCP_ADDR=10.0.0.2", "MY_DB_PORT_80_TCP_PORT=80", "MY_DB_PORT_80_TCP_PROTO=tcp",
            "MY_DB_PORT_80_UDP=udp://10.0.0.2:80", "MY_DB_PORT_80_UDP_ADDR=10.0.0.2", "MY_DB_PORT_80_UDP_PORT=80", "MY_DB_PORT_80_UDP_PROTO=udp",
            "MY_DB_PORT_81_TCP=tcp://10.0.0.2:81", "MY_DB_PORT_81_TCP_ADDR=10.0.0.2", "MY_DB_PORT_81_TCP_PORT=81", "MY_DB_PORT_81_TCP_PROTO=tcp",
            "MY_DB_PORT_9000_TCP=tcp://10.0.0.2:9000", "MY_DB_PORT_9000_TCP_ADDR=10.0.0.2", "MY_DB_PORT_9000_TCP_PORT=9000", "MY_DB_PORT_9000_TCP_PROTO=tcp",
            "MY_DB_NAME=/me/my-db",
            "MY_DB_ENV_A=1=2",
        ]);
        LinkEnvironment.Of("/me/x", "10.0.0.2", new()).ShouldBe(["X_NAME=/me/x"]);
    }
}
