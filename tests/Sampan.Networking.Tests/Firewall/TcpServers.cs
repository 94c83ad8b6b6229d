using System.Net;
using System.Net.Sockets;
using System.Text;
using Sampan.Linux.Tests.Netlink;

namespace Sampan.Networking.Tests.Firewall;

/// <summary>A server on port 80 of each of several hosts: it tells a client who it is and whose address it sees.</summary>
internal sealed class TcpServers : IDisposable
{
    /// <summary>How long silence is waited for: what is dropped makes no sound.</summary>
    private const int Silence = 700;
    private const int Port = 80;

    private readonly List<Socket> _listening = [];
    private readonly List<Thread> _threads = [];

    public TcpServers(IEnumerable<KeyValuePair<string, NetworkHost>> hosts)
    {
        foreach (var (name, host) in hosts)
        {
            var listening = host.In(static () =>
            {
                var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
                socket.Listen();
                return socket;
            });
            _listening.Add(listening);
            var thread = new Thread(() => Serve(listening, name));
            thread.Start();
            _threads.Add(thread);
        }
    }

    public void Dispose()
    {
        foreach (var socket in _listening)
        {
            socket.Dispose();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>Connects, and hears the answer.</summary>
    /// <returns>"NAME ADDRESS", or "no" when nobody answers.</returns>
    public static string Ask(NetworkHost from, IPEndPoint to) => from.In(() =>
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Connect(to);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(Silence * 1000, SelectMode.SelectWrite))
            {
                return "no";
            }
        }
        catch (SocketException)
        {
            return "no";
        }

        if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0)
        {
            return "no";
        }

        socket.Blocking = true;
        socket.ReceiveTimeout = 10_000;
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    });

    private static void Serve(Socket listening, string name)
    {
        try
        {
            while (true)
            {
                using var client = listening.Accept();
                var address = ((IPEndPoint)client.RemoteEndPoint!).Address;
                client.Send(Encoding.ASCII.GetBytes($"{name} {(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}"));
            }
        }
        catch (SocketException)
        {
            // Closed by Dispose.
        }
        catch (ObjectDisposedException)
        {
            // The same, between two connections.
        }
    }
}
