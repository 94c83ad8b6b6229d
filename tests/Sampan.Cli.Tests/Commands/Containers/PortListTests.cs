using Sampan.Cli.Commands.Containers;
using Sampan.Engine.Networks;

namespace Sampan.Cli.Tests.Commands.Containers;

/// <summary>Ports as ps shows them: docker's client 28 was asked.</summary>
public sealed class PortListTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("0.0.0.0 8080 80 tcp, :: 8080 80 tcp", "80/tcp 443/tcp", "443/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp")]
    [InlineData("", "80/tcp 81/tcp 82/tcp 53/udp 90/tcp", "80-82/tcp, 53/udp, 90/tcp")]
    [InlineData("0.0.0.0 8000 8000 tcp, 0.0.0.0 8001 8001 tcp, 0.0.0.0 8002 8002 tcp", "", "0.0.0.0:8000-8002->8000-8002/tcp")]
    [InlineData(
        "0.0.0.0 8000 8000 tcp, :: 8000 8000 tcp, 0.0.0.0 8001 8001 tcp, :: 8001 8001 tcp, 0.0.0.0 8001 8001 udp", "",
        "0.0.0.0:8000-8001->8000-8001/tcp, [::]:8000-8001->8000-8001/tcp, 0.0.0.0:8001->8001/udp")]
    [InlineData(
        "0.0.0.0 8080 80 tcp, :: 8080 80 tcp, 0.0.0.0 8000 8000 tcp, :: 8000 8000 tcp, 0.0.0.0 8001 8001 tcp, :: 8001 8001 tcp, 0.0.0.0 9000 90 udp, :: 9000 90 udp, 127.0.0.1 81 81 tcp",
        "7000/tcp 7001/tcp 80/tcp 90/udp",
        "127.0.0.1:81->81/tcp, 7000-7001/tcp, 0.0.0.0:8000-8001->8000-8001/tcp, [::]:8000-8001->8000-8001/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 0.0.0.0:9000->90/udp, [::]:9000->90/udp")]
    [InlineData("0.0.0.0 80 80 tcp, 0.0.0.0 82 82 tcp", "", "0.0.0.0:80->80/tcp, 0.0.0.0:82->82/tcp")]
    [InlineData("0.0.0.0 9000 80 tcp, 0.0.0.0 9001 81 tcp, 127.0.0.1 81 81 tcp", "", "127.0.0.1:81->81/tcp, 0.0.0.0:9000->80/tcp, 0.0.0.0:9001->81/tcp")]
    public void Neighbours_are_one(string open, string exposed, string expected) =>
        PortList.Format(Parse(open), exposed.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(expected);

    [Fact]
    public void In_the_order_of_the_containers_ports() => PortList.Sorted(Parse(":: 8080 80 tcp, 0.0.0.0 8080 80 tcp, 10.0.0.1 9 80 tcp, 9.0.0.1 9 80 tcp, 0.0.0.0 10 9 tcp, 0.0.0.0 10 53 udp"))
        .Select(static port => $"{port.Key} -> {PortList.Address(port)}")
        .ShouldBe(["9/tcp -> 0.0.0.0:10", "53/udp -> 0.0.0.0:10", "80/tcp -> 0.0.0.0:8080", "80/tcp -> 9.0.0.1:9", "80/tcp -> 10.0.0.1:9", "80/tcp -> [::]:8080"]);

    private static List<OpenPort> Parse(string text) =>
        [.. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split(' ') is [var address, var outside, var inside, var protocol]
            ? new OpenPort { HostIp = address, HostPort = int.Parse(outside), ContainerPort = int.Parse(inside), Protocol = protocol }
            : throw new FormatException(part))];
}
