using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sampan.Engine.Tests.Logs;

/// <summary>Takes what a log driver sends, on a socket of the test's own.</summary>
internal sealed class LogReceiver : IDisposable
{
    private readonly Socket _listener;
    private Socket? _connection;

    private LogReceiver(Socket listener, string address)
    {
        _listener = listener;
        _listener.ReceiveTimeout = 30_000;
        Address = address;
    }

    public string Address { get; }

    public static LogReceiver Udp()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new(socket, $"udp://{socket.LocalEndPoint}");
    }

    public static LogReceiver Tcp(int port = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, 1);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return new(socket, $"tcp://{socket.LocalEndPoint}");
    }

    public static LogReceiver Unix(string path, bool isStream)
    {
        var socket = new Socket(AddressFamily.Unix, isStream ? SocketType.Stream : SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        if (isStream)
        {
            socket.Listen();
        }

        return new(socket, $"{(isStream ? "unix" : "unixgram")}://{path}");
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The next datagram, or what the stream has now.</summary>
    public byte[] Receive()
    {
        var buffer = new byte[1 << 20];
        if (_listener.SocketType == SocketType.Dgram)
        {
            return buffer[.._listener.Receive(buffer)];
        }

        if (_connection is null)
        {
            _connection = _listener.Accept();
            _connection.ReceiveTimeout = 30_000;
        }

        return buffer[.._connection.Receive(buffer)];
    }

    /// <summary>Receives until a text has come.</summary>
    public string ReceiveUntil(string text)
    {
        var all = "";
        while (!all.Contains(text, StringComparison.Ordinal))
        {
            var bytes = Receive();
            all += bytes.Length > 0 ? Encoding.UTF8.GetString(bytes) : throw new InvalidOperationException($"the stream ended after: {all}");
        }

        return all;
    }

    public void CloseConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose()
    {
        CloseConnection();
        _listener.Dispose();
    }
}
