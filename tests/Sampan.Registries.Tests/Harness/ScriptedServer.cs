using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sampan.Registries.Tests.Harness;

/// <summary>A server of HTTP/1.1 on a port of the loopback interface, which answers as a test says, and breaks as it says.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Thread> _connections = [];
    private readonly ManualResetEventSlim _end = new();
    private readonly Func<Question, Reply> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Thread _acceptor;

    public ScriptedServer(Func<Question, Reply> answer, X509Certificate2? certificate = null)
    {
        _answer = answer;
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _acceptor = new(Accept) { IsBackground = true };
        _acceptor.Start();
    }

    public int Port { get; }

    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Everything that was asked.</summary>
    public ConcurrentQueue<Question> Questions { get; } = [];

    public void Dispose()
    {
        _end.Set();
        _listener.Stop();
        _acceptor.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue("the listener does not end");
        foreach (var (client, thread) in _connections)
        {
            client.Dispose();
            thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue("a connection does not end");
        }

        _end.Dispose();
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

            var thread = new Thread(() => Serve(client)) { IsBackground = true };
            _connections[client] = thread;
            thread.Start();
        }
    }

    private void Serve(Socket client)
    {
        try
        {
            client.NoDelay = true;
            Stream stream = new NetworkStream(client, ownsSocket: true);
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                tls.AuthenticateAsServer(_certificate);
                stream = tls;
            }

            using var buffered = new BufferedStream(stream);
            while (Read(buffered, _certificate is not null) is { } question)
            {
                Questions.Enqueue(question);
                if (!Write(stream, question, _answer(question)))
                {
                    // A reset, as a connection that broke gives.
                    client.LingerState = new(true, 0);
                    client.Close();
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException or InvalidOperationException or NotSupportedException)
        {
            // The client hung up, or the test is over.
        }
    }

    private static Question? Read(Stream stream, bool isOverTls)
    {
        var line = ReadLine(stream);
        if (line is null || line.Split(' ') is not [var method, var target, _])
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (ReadLine(stream) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':');
            if (colon < 0)
            {
                // TLS where plain HTTP is spoken: a client that asks whether there is some.
                return null;
            }

            headers[header[..colon]] = header[(colon + 1)..].Trim();
        }

        return new(method, target, headers, stream, isOverTls);
    }

    private static string? ReadLine(Stream stream)
    {
        var text = new StringBuilder();
        for (var value = stream.ReadByte(); ; value = stream.ReadByte())
        {
            if (value < 0)
            {
                return null;
            }

            if (value == '\n')
            {
                return text.ToString().TrimEnd('\r');
            }

            text.Append((char)value);
        }
    }

    // False when the connection is to break.
    private bool Write(Stream stream, Question question, Reply reply)
    {
        if (reply.Break)
        {
            return false;
        }

        question.Body();
        var hasBody = question.Method != "HEAD" && reply.Status is not 204;
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} Said\r\n");
        foreach (var (name, value) in reply.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (reply.Chunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (reply.Status != 204 && !reply.Headers.Exists(static header => header.Name == "Content-Length"))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.ClaimedLength ?? reply.Body.Length}\r\n");
        }

        stream.Write(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        return !hasBody || WriteBody(stream, reply);
    }

    private bool WriteBody(Stream stream, Reply reply)
    {
        var length = Math.Min(reply.BreakAfter ?? reply.Body.Length, reply.HangAfter ?? reply.Body.Length);
        if (reply.Drip is { } gap)
        {
            for (var index = 0; index < length && !_end.Wait(gap); index++)
            {
                stream.Write(reply.Body, index, 1);
            }
        }
        else if (reply.Chunked)
        {
            stream.Write(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
            stream.Write(reply.Body, 0, length);
            stream.Write("\r\n"u8);
            if (reply.BreakAfter is null)
            {
                stream.Write("0\r\n\r\n"u8);
            }
        }
        else
        {
            stream.Write(reply.Body, 0, length);
        }

        stream.Flush();
        if (reply.HangAfter is not null)
        {
            _end.Wait();
        }

        return reply.BreakAfter is null && reply.ClaimedLength is null;
    }
}
