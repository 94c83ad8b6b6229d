using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Processes;

namespace Sampan.Linux.Tests.Processes;

public sealed class SocketOwnerTests
{
    private const string Streams =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
           1: 0100007F:1F91 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1
           2: 00000000:1F92 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1 0 100 0 0 10 0
        """;

    private const string Streams6 =
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000000000000:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0 100 0 0 10 0
           1: 00000000000000000000000001000000:1F94 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1 0 100 0 0 10 0
           2: garbage
        """;

    [Theory]
    [InlineData(Streams, "127.0.0.1", 8080, "11")]
    [InlineData(Streams, "0.0.0.0", 8080, "11")]
    [InlineData(Streams, "192.0.2.1", 8080, null)]
    [InlineData(Streams, "127.0.0.1", 8081, null)]
    [InlineData(Streams, "192.0.2.1", 8082, "13")]
    [InlineData(Streams, "::", 8082, null)]
    [InlineData(Streams6, "0.0.0.0", 8083, "21")]
    [InlineData(Streams6, "::1", 8083, "21")]
    [InlineData(Streams6, "::", 8084, "22")]
    [InlineData(Streams6, "0.0.0.0", 8084, null)]
    public void Who_is_in_the_way_of_an_address(string table, string address, int port, string? number) =>
        SocketOwner.FindNumber(table, isStream: true, IPAddress.Parse(address), port).ShouldBe(number);

    [Fact]
    public void This_process_is_found()
    {
        using var stream = new TcpListener(IPAddress.IPv6Any, 0);
        stream.Start();
        var owner = SocketOwner.Find("tcp", IPAddress.Any, ((IPEndPoint)stream.LocalEndpoint).Port);
        owner.ShouldNotBeNull().Pid.ShouldBe(Environment.ProcessId);
        owner.Name.ShouldNotBeEmpty();
        using var datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)datagrams.Client.LocalEndPoint!).Port;
        SocketOwner.Find("udp", IPAddress.Loopback, port).ShouldNotBeNull().Pid.ShouldBe(Environment.ProcessId);
        datagrams.Dispose();
        SocketOwner.Find("udp", IPAddress.Loopback, port).ShouldBeNull();
    }
}
