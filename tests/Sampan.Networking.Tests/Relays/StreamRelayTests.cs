using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sampan.Networking.Tests.Relays;

/// <summary>Connections that are carried.</summary>
public sealed class StreamRelayTests
{
    private const int Much = 10 << 20;

    [Fact]
    public void Much_both_ways_at_once_and_each_end_for_itself()
    {
        using var port = new RelayedPort(isStream: true);
        var client = port.Connect();
        var server = port.Accept();
        var (up, down) = (RandomNumberGenerator.GetBytes(Much), RandomNumberGenerator.GetBytes(Much));
        var toServer = new Flow(client, server, up);
        var toClient = new Flow(server, client, down);
        port.RunUntil(() => toServer.Go() & toClient.Go());
        toServer.Received.ShouldBe(up);
        toClient.Received.ShouldBe(down);
        port.Relay.Connections.ShouldBe(1);

        // The client has said all; the server has not.
        client.Shutdown(SocketShutdown.Send);
        port.RunUntil(() => RelayedPort.Take(server) is { Length: 0 });
        server.Send("late"u8).ShouldBe(4);
        port.RunUntil(() => RelayedPort.Take(client) is { Length: 4 });
        port.Relay.Connections.ShouldBe(1);
        server.Shutdown(SocketShutdown.Send);
        port.RunUntil(() => RelayedPort.Take(client) is { Length: 0 });
        port.RunUntil(() => port.Relay.Connections == 0);
    }

    [Fact]
    public void Who_does_not_read_stops_only_who_writes_to_him()
    {
        using var port = new RelayedPort(isStream: true);
        var client = port.Connect();
        var server = port.Accept();
        var down = RandomNumberGenerator.GetBytes(4 * Much);
        var flow = new Flow(server, client, down) { Reads = false };
        port.RunUntilIdle();
        while (flow.Push())
        {
            port.RunUntilIdle();
        }

        // What the kernel keeps for both sides, and nothing besides: the relay waits without turning.
        flow.Sent.ShouldBeLessThan(down.Length);
        port.RunUntilIdle();

        // Others are carried, and his own words the other way.
        client.Send("more"u8).ShouldBe(4);
        port.RunUntil(() => RelayedPort.Take(server) is { Length: 4 });
        var other = port.Connect();
        var otherServer = port.Accept();
        other.Send("hello"u8).ShouldBe(5);
        port.RunUntil(() => RelayedPort.Take(otherServer) is { Length: 5 });

        // Even where both have said all they will: what is on its way is waited with, and comes.
        client.Shutdown(SocketShutdown.Send);
        port.RunUntil(() => RelayedPort.Take(server) is { Length: 0 });
        flow.Reads = true;
        port.RunUntil(flow.Go);
        flow.Received.ShouldBe(down);
    }

    [Fact]
    public void What_waits_behind_two_ends_that_are_done_does_not_turn_the_loop()
    {
        using var port = new RelayedPort(isStream: true);
        var client = port.Connect();
        var server = port.Accept();
        var down = RandomNumberGenerator.GetBytes(4 * Much);
        var flow = new Flow(server, client, down) { Reads = false };
        while (flow.Push())
        {
            port.RunUntilIdle();
        }

        client.Shutdown(SocketShutdown.Send);
        port.RunUntil(() => RelayedPort.Take(server) is { Length: 0 });
        server.Shutdown(SocketShutdown.Send);
        port.RunUntilIdle();
        flow.Reads = true;
        port.RunUntil(() => flow.Pull() && flow.ReceivedCount == flow.Sent);
        port.RunUntil(() => RelayedPort.Take(client) is { Length: 0 });
        port.RunUntil(() => port.Relay.Connections == 0);
    }

    [Fact]
    public void What_breaks_at_one_end_breaks_at_the_other()
    {
        using var port = new RelayedPort(isStream: true);
        var client = port.Connect();
        var server = port.Accept();
        server.LingerState = new(enable: true, seconds: 0);
        server.Dispose();
        port.RunUntil(() => port.Relay.Connections == 0);
        Should.Throw<SocketException>(() => RelayedPort.Take(client)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);

        client = port.Connect();
        server = port.Accept();
        client.LingerState = new(enable: true, seconds: 0);
        client.Dispose();
        port.RunUntil(() => port.Relay.Connections == 0);
        Should.Throw<SocketException>(() => RelayedPort.Take(server)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public void Where_nobody_listens_the_client_is_told()
    {
        using var port = new RelayedPort(isStream: true, hasServer: false);
        var client = port.Connect();
        port.RunUntil(() => client.Poll(0, SelectMode.SelectRead));
        Should.Throw<SocketException>(() => RelayedPort.Take(client)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        port.Relay.Connections.ShouldBe(0);
    }

    [Fact]
    public void More_than_may_be_carried_wait()
    {
        using var port = new RelayedPort(isStream: true, new() { Connections = 2, ShortMilliseconds = 50 });
        var (one, two, three) = (port.Connect(), port.Connect(), port.Connect());
        var served = port.Accept();
        _ = port.Accept();
        port.RunUntilIdle();
        port.Relay.Connections.ShouldBe(2);
        port.Server.Poll(0, SelectMode.SelectRead).ShouldBeFalse();
        one.Dispose();
        served.Dispose();
        var last = port.Accept();
        three.Send("x"u8).ShouldBe(1);
        port.RunUntil(() => RelayedPort.Take(last) is { Length: 1 });
        two.Connected.ShouldBeTrue();
    }

    [Fact]
    public void Who_is_there_when_the_door_is_closed_is_carried_on()
    {
        using var port = new RelayedPort(isStream: true);
        var client = port.Connect();
        port.Close();
        var server = port.Accept();
        client.Send("x"u8).ShouldBe(1);
        port.RunUntil(() => RelayedPort.Take(server) is { Length: 1 });
        port.Relay.Connections.ShouldBe(1);
    }

    [Fact]
    public void Two_hundred_at_once()
    {
        using var port = new RelayedPort(isStream: true);
        List<Socket> clients = [];
        List<Socket> servers = [];
        while (clients.Count < 200)
        {
            clients.Add(port.Connect());
            servers.Add(port.Accept());
        }

        port.Relay.Connections.ShouldBe(200);
        clients.ForEach(static client => client.Send("ask"u8).ShouldBe(3));
        servers.ForEach(server => port.RunUntil(() => RelayedPort.Take(server) is { Length: 3 }));
        servers.ForEach(static server => server.Send("answer"u8).ShouldBe(6));
        clients.ForEach(client => port.RunUntil(() => RelayedPort.Take(client) is { Length: 6 }));
    }

    /// <summary>Bytes on their way from one socket to another.</summary>
    private sealed class Flow(Socket from, Socket to, byte[] bytes)
    {
        private readonly byte[] _received = new byte[bytes.Length];

        public bool Reads { get; set; } = true;

        public int Sent { get; private set; }

        public int ReceivedCount { get; private set; }

        public byte[] Received => _received[..ReceivedCount];

        /// <summary>Sends what can be sent; false when nothing could.</summary>
        public bool Push()
        {
            var before = Sent;
            while (Sent < bytes.Length)
            {
                var count = from.Send(bytes.AsSpan(Sent), SocketFlags.None, out var problem);
                if (problem != SocketError.Success)
                {
                    break;
                }

                Sent += count;
            }

            return Sent > before;
        }

        public bool Pull()
        {
            while (Reads && ReceivedCount < bytes.Length && RelayedPort.Take(to) is { Length: > 0 } piece)
            {
                piece.CopyTo(_received, ReceivedCount);
                ReceivedCount += piece.Length;
            }

            return true;
        }

        public bool Go() => (Push() | Pull()) && ReceivedCount == bytes.Length;
    }
}
