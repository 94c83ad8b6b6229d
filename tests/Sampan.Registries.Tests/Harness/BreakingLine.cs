using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Registries.Tests.Harness;

/// <summary>A line to a port of the loopback interface that breaks, a number of times, when so many bytes went through one connection.</summary>
internal sealed class BreakingLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentBag<Thread> _threads = [];
    private readonly Thread _acceptor;
    private readonly int _port;
    private readonly int _bytes;
    private int _left;

    public BreakingLine(int port, int bytes, int times)
    {
        (_port, _bytes, _left) = (port, bytes, times);
        Times = times;
        _listener.Start();
        _acceptor = new(Accept) { IsBackground = true };
        _acceptor.Start();
    }

    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How often it broke.</summary>
    public int Broken => Times - Math.Max(0, _left);

    private int Times { get; }

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
            try
            {
                var client = _listener.AcceptSocket();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.Add(client);
                _sockets.Add(server);
                server.Connect(IPAddress.Loopback, _port);
                Start(() => Pump(client, server));
                Start(() => Pump(server, client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The listener was stopped.
                return;
            }
        }
    }

    private void Pump(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        var passed = 0;
        for (var count = from.Receive(buffer); count > 0; count = from.Receive(buffer))
        {
            passed += count;
            if (passed > _bytes && Interlocked.Decrement(ref _left) >= 0)
            {
                from.Dispose();
                to.Dispose();
                return;
            }

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
                // One side hung up, or the line broke.
            }
        })
        { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }
}
