using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sampan.Registries.Tests.Harness;

/// <summary>A proxy that knows CONNECT, and a port of the loopback interface for each name. So tests have hosts of any name, and none is looked up.</summary>
internal sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IReadOnlyDictionary<string, int> _ports;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentBag<Thread> _threads = [];
    private readonly Thread _acceptor;

    /// <param name="ports">Ports by host:port.</param>
    public TunnelProxy(IReadOnlyDictionary<string, int> ports)
    {
        _ports = ports;
        _listener.Start();
        _acceptor = new(Accept) { IsBackground = true };
        _acceptor.Start();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The hosts that were asked for.</summary>
    public ConcurrentQueue<string> Hosts { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _acceptor.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue("the listener does not end");
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        foreach (var thread in _threads)
        {
            thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue("a connection does not end");
        }
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.AcceptSocket();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The listener was stopped.
                return;
            }

            _sockets.Add(client);
            Start(() => Serve(client));
        }
    }

    private void Serve(Socket client)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && client.Receive(one) == 1)
        {
            head.Append((char)one[0]);
        }

        var target = head.ToString().Split(' ') is ["CONNECT", var host, ..] ? host : "";
        Hosts.Enqueue(target);
        if (!_ports.TryGetValue(target, out var port))
        {
            client.Send("HTTP/1.1 502 Unknown\r\nContent-Length: 0\r\n\r\n"u8);
            client.Dispose();
            return;
        }

        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(server);
        server.Connect(IPAddress.Loopback, port);
        client.Send("HTTP/1.1 200 Connected\r\n\r\n"u8);
        Start(() => Pump(client, server));
        Pump(server, client);
    }

    private static void Pump(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        for (var count = from.Receive(buffer); count > 0; count = from.Receive(buffer))
        {
            to.Send(buffer, count, SocketFlags.None);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private void Start(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // One side hung up, or the test is over.
            }
        })
        { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }
}
