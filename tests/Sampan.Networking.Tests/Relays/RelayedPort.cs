using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Relays;

namespace Sampan.Networking.Tests.Relays;

/// <summary>A relay from [::1] to 127.0.0.1 on a loop of the test's own, with clients and servers on the same thread: nothing to race with.</summary>
internal sealed class RelayedPort : IDisposable
{
    private readonly EventLoop _loop = new();
    private readonly FileDescriptor _door;
    private readonly List<Socket> _sockets = [];

    public RelayedPort(bool isStream, RelayLimits? limits = null, bool hasServer = true)
    {
        IsStream = isStream;
        Server = Make(AddressFamily.InterNetwork);
        Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = (IPEndPoint)Server.LocalEndPoint!;
        if (!hasServer)
        {
            Server.Dispose();
        }
        else if (isStream)
        {
            Server.Listen(512);
        }

        var place = PeerAddress.Internet(IPAddress.IPv6Any, 0);
        _door = isStream ? StreamListener.Listen(place) : DatagramSocket.Bind(place);
        Address = new(IPAddress.IPv6Loopback, PeerAddress.Of(_door).Port);
        Relay = new(_loop, limits);
        Relay.Add(_door, isStream, PeerAddress.Internet(target.Address, target.Port));
    }

    public PortRelay Relay { get; }

    public bool IsStream { get; }

    /// <summary>Where what is carried arrives.</summary>
    public Socket Server { get; }

    /// <summary>Where clients go.</summary>
    public IPEndPoint Address { get; }

    public Socket Connect()
    {
        var client = Make(AddressFamily.InterNetworkV6);
        client.Connect(Address);
        client.Blocking = false;
        return client;
    }

    public Socket Accept()
    {
        RunUntil(() => Server.Poll(0, SelectMode.SelectRead));
        var accepted = Server.Accept();
        accepted.Blocking = false;
        _sockets.Add(accepted);
        return accepted;
    }

    /// <summary>Lets things happen until something is so.</summary>
    public void RunUntil(Func<bool> condition)
    {
        var end = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Environment.TickCount64.ShouldBeLessThan(end, "it did not happen in time");
            _loop.RunOnce(5);
        }
    }

    /// <summary>Lets everything happen that can; fails where that has no end.</summary>
    public void RunUntilIdle()
    {
        for (var turn = 0; _loop.RunOnce(20); turn++)
        {
            turn.ShouldBeLessThan(100_000, "it turns without end");
        }
    }

    /// <summary>Nobody is let in any more.</summary>
    public void Close() => Relay.Remove(_door);

    /// <summary>What a socket has received so far: null for nothing, empty for the end.</summary>
    public static byte[]? Take(Socket socket)
    {
        var buffer = new byte[1 << 16];
        var count = socket.Receive(buffer, SocketFlags.None, out var problem);
        return problem switch
        {
            SocketError.Success => buffer[..count],
            SocketError.WouldBlock => null,
            _ => throw new SocketException((int)problem),
        };
    }

    public void Dispose()
    {
        Relay.Dispose();
        _sockets.ForEach(static socket => socket.Dispose());
        Server.Dispose();
        _door.Dispose();
        _loop.Dispose();
    }

    private Socket Make(AddressFamily family)
    {
        var socket = IsStream ? new Socket(family, SocketType.Stream, ProtocolType.Tcp) : new(family, SocketType.Dgram, ProtocolType.Udp);
        _sockets.Add(socket);
        return socket;
    }
}
