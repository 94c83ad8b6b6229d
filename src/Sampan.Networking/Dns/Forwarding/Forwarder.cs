using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns.Connections;
using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Forwarding;

/// <summary>The queries that wait for other servers: a bounded number of them, each for a bounded time.</summary>
/// <param name="loop">Who tells of events.</param>
/// <param name="timer">Who tells of the time.</param>
/// <param name="datagrams">The socket askers are answered through.</param>
/// <param name="scratch">Room for the longest message, for whoever is at work.</param>
/// <param name="limits">How many, and how long.</param>
internal sealed class Forwarder(EventLoop loop, DeadlineTimer timer, FileDescriptor datagrams, AnonymousMemory scratch, NameServerLimits limits)
{
    private readonly TransactionIds _ids = new();
    private readonly List<Exchange> _underWay = [];
    private readonly Stack<Exchange> _resting = [];
    private int _streams;
    private int _first;
    private long _firstUntil;

    /// <summary>Whom to ask, in this order; nobody is asked where there is none.</summary>
    public IReadOnlyList<Upstream> Servers
    {
        get;
        set => (field, _first) = (value, 0);
    } = [];

    public EventLoop Loop => loop;

    /// <summary>Room for the longest message; what is in it lasts until the caller returns.</summary>
    public Span<byte> Scratch => scratch.Span;

    /// <summary>How many queries wait.</summary>
    public int Count => _underWay.Count;

    /// <summary>Begins to ask.</summary>
    /// <param name="message">The query's bytes; they are copied.</param>
    /// <param name="query">The query.</param>
    /// <param name="asker">Whose datagram it was, as a struct sockaddr.</param>
    /// <param name="connection">By which connection it came, where it was no datagram: the servers are then asked by TCP too.</param>
    /// <returns>Null where the answer will come; else what to answer now.</returns>
    public ResponseCode? TryBegin(ReadOnlySpan<byte> message, in DnsQuery query, ReadOnlySpan<byte> asker, NameConnection? connection)
    {
        if (Servers.Count == 0)
        {
            return ResponseCode.ServerFailure;
        }

        if (_underWay.Count >= limits.Forwarded || (connection is not null && _streams >= limits.ForwardedByStream))
        {
            // Docker's word for it. It makes no resolver ask again at once, as a failure does.
            return ResponseCode.Refused;
        }

        if (!_resting.TryPop(out var exchange))
        {
            exchange = new(this);
        }

        exchange.Index = _underWay.Count;
        _underWay.Add(exchange);
        if (connection is not null)
        {
            _streams++;
            connection.Waiting++;
        }

        exchange.Begin(message, query, asker, connection, Servers, FirstServer());
        return null;
    }

    public ushort NextId() => _ids.Next();

    /// <summary>A server is being asked.</summary>
    /// <param name="isLast">There is none after it.</param>
    /// <returns>When it has had its time.</returns>
    public long ExpectAnswer(bool isLast)
    {
        var deadline = Environment.TickCount64 + (isLast ? limits.LastAttemptMilliseconds : limits.AttemptMilliseconds);
        timer.Expect(deadline);
        return deadline;
    }

    /// <summary>A server said nothing. Where it is the one that is asked first, the next one is for a while: else everybody would wait for it.</summary>
    /// <param name="server">Its place.</param>
    public void Avoid(int server)
    {
        if (server == FirstServer() && Servers.Count > 0)
        {
            _first = (server + 1) % Servers.Count;
            _firstUntil = Environment.TickCount64 + limits.DetourMilliseconds;
        }
    }

    /// <summary>Hands an answer to who asked.</summary>
    /// <param name="exchange">The query, which has let go of its socket.</param>
    /// <param name="answer">With the asker's id.</param>
    /// <param name="asker">Whose datagram it was.</param>
    public void Finish(Exchange exchange, Span<byte> answer, ReadOnlySpan<byte> asker)
    {
        var connection = exchange.Connection;
        Forget(exchange);
        if (connection is null)
        {
            // An asker whose socket takes no more asks again, as where a datagram is lost.
            _ = DatagramSocket.TrySend(datagrams, answer, asker);
        }
        else
        {
            connection.Deliver(answer);
        }

        // Not before: the answer may be in its memory.
        Rest(exchange);
    }

    /// <summary>Nobody waits any more for what came by a connection.</summary>
    public void Forget(NameConnection connection)
    {
        for (var index = _underWay.Count - 1; index >= 0; index--)
        {
            var exchange = _underWay[index];
            if (exchange.Connection == connection)
            {
                Forget(exchange);
                Rest(exchange);
            }
        }
    }

    /// <summary>Goes on to the next server with each query whose server has had its time.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When the next one has.</returns>
    public long Sweep(long now)
    {
        // What ends takes its place from the list, and may begin something new.
        for (var index = _underWay.Count - 1; index >= 0; index--)
        {
            if (index < _underWay.Count && _underWay[index].Deadline <= now)
            {
                _underWay[index].OnTimeout();
            }
        }

        var next = long.MaxValue;
        foreach (var exchange in _underWay)
        {
            next = Math.Min(next, exchange.Deadline);
        }

        return next;
    }

    /// <summary>Lets go of memory nothing is in.</summary>
    public void Trim()
    {
        _resting.Clear();
        _resting.TrimExcess();
    }

    /// <summary>Ends all without an answer.</summary>
    public void Cancel()
    {
        foreach (var exchange in _underWay)
        {
            exchange.Clear();
        }

        _underWay.Clear();
    }

    private void Rest(Exchange exchange)
    {
        exchange.Clear();
        _resting.Push(exchange);
    }

    private int FirstServer()
    {
        if (_first != 0 && Environment.TickCount64 >= _firstUntil)
        {
            _first = 0;
        }

        return _first;
    }

    private void Forget(Exchange exchange)
    {
        var last = _underWay[^1];
        last.Index = exchange.Index;
        _underWay[exchange.Index] = last;
        _underWay.RemoveAt(_underWay.Count - 1);
        if (exchange.Connection is { } connection)
        {
            _streams--;
            connection.Waiting--;
        }
    }
}
