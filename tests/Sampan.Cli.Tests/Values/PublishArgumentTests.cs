using Sampan.Cli.Values;
using Sampan.Flags;

namespace Sampan.Cli.Tests.Values;

/// <summary>The forms of --publish and --expose.</summary>
public sealed class PublishArgumentTests
{
    [Theory]
    [InlineData("80", "80/tcp = :")]
    [InlineData("8080:80", "80/tcp = :8080")]
    [InlineData("8080:80/UDP", "80/udp = :8080")]
    [InlineData("127.0.0.1:8080:80", "80/tcp = 127.0.0.1:8080")]
    [InlineData("127.0.0.1::80", "80/tcp = 127.0.0.1:")]
    [InlineData("[::1]:8080:80/sctp", "80/sctp = ::1:8080")]
    [InlineData("8080-8081:80-81", "80/tcp = :8080, 81/tcp = :8081")]
    [InlineData("8080-8089:80", "80/tcp = :8080-8089")]
    public void What_is_published(string text, string expected) =>
        string.Join(", ", PublishArgument.Parse(text).Select(static pair => $"{pair.Port} = {pair.Binding.HostIp}:{pair.Binding.HostPort}")).ShouldBe(expected);

    [Theory]
    [InlineData("x", "invalid containerPort: x")]
    [InlineData("8080:", "no port specified: 8080:<empty>")]
    [InlineData("x:80", "invalid hostPort: x")]
    [InlineData("80/icmp", "invalid proto: icmp")]
    [InlineData("65536", "invalid containerPort: 65536")]
    [InlineData("nosuch:80:80", "invalid IP address: nosuch")]
    [InlineData("8080-8081:80-82", "invalid ranges specified for container and host Ports: 80-82 and 8080-8081")]
    public void What_makes_no_sense_is_refused(string text, string complaint) =>
        Should.Throw<ValueException>(() => PublishArgument.Parse(text)).Message.ShouldBe(complaint);

    [Fact]
    public void What_is_exposed()
    {
        PublishArgument.ParseExposed("80-82/udp").ShouldBe(["80/udp", "81/udp", "82/udp"]);
        Should.Throw<ValueException>(() => PublishArgument.ParseExposed("80:80")).Message.ShouldBe("invalid port format for --expose: 80:80");
    }
}
