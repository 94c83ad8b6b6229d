using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns.Connections;
using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Forwarding;

/// <summary>
/// One query on its way: to a server, from there to the next one where the first says nothing or that it cannot, and the answer back to
/// who asked. Each attempt has a socket of its own, so an id and a port that nobody can guess (RFC 5452, 9.2), and the kernel lets through
/// what comes from that server alone.
/// </summary>
/// <param name="forwarder">Whose it is.</param>
internal sealed class Exchange(Forwarder forwarder) : IEventHandler
{
    // So many datagrams are looked at in one turn of the loop: others wait for theirs.
    private const int Patience = 8;
    private const int LongestAddress = 28;

    private readonly byte[] _asker = new byte[LongestAddress];
    private byte[] _message = new byte[DnsQuery.SmallestLimit];
    private int _length;
    private int _askerLength;
    private ushort _askerId;
    private DnsQuery _query;
    private IReadOnlyList<Upstream> _servers = [];
    private int _first;
    private int _tried;
    private FileDescriptor? _socket;
    private StreamTransfer? _stream;
    private bool _isWatched;

    /// <summary>The connection it came by, and which it goes back by; null is a datagram.</summary>
    public NameConnection? Connection { get; private set; }

    /// <summary>Where it is among those under way.</summary>
    public int Index { get; set; }

    /// <summary>When the server that is being asked has had its time.</summary>
    public long Deadline { get; private set; }

    private int Server => (_first + _tried - 1) % _servers.Count;

    private Span<byte> Message => _message.AsSpan(0, _length);

    /// <summary>Takes a query over and asks the first server. It may be answered, with a failure, before this returns.</summary>
    /// <param name="message">The query's bytes.</param>
    /// <param name="query">The query.</param>
    /// <param name="asker">Whose datagram it was, as a struct sockaddr.</param>
    /// <param name="connection">By which connection it came, where it was no datagram.</param>
    /// <param name="servers">Whom to ask; at least one.</param>
    /// <param name="first">Which of them first.</param>
    public void Begin(
        ReadOnlySpan<byte> message,
        in DnsQuery query,
        ReadOnlySpan<byte> asker,
        NameConnection? connection,
        IReadOnlyList<Upstream> servers,
        int first)
    {
        if (_message.Length < message.Length)
        {
            _message = new byte[message.Length];
        }

        message.CopyTo(_message);
        asker.CopyTo(_asker);
        (_length, _askerLength, _query) = (message.Length, asker.Length, query);
        _askerId = MessageHeader.Id(message);
        (_servers, _first, _tried) = (servers, first, 0);
        Connection = connection;
        AskNext();
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        if (_stream is not null)
        {
            OnStreamReady(_stream, events);
        }
        else
        {
            ReceiveDatagrams();
        }
    }

    /// <summary>The server has had its time.</summary>
    public void OnTimeout() => GiveUpOnServer();

    /// <summary>It is over: it lets go of everything but its room for a query.</summary>
    public void Clear()
    {
        Close();
        Connection = null;
        _servers = [];
    }

    private void AskNext()
    {
        Close();
        while (_tried < _servers.Count)
        {
            _tried++;
            if (TryAsk(_servers[Server]))
            {
                Deadline = forwarder.ExpectAnswer(isLast: _tried == _servers.Count);
                return;
            }

            Close();
            Avoid();
        }

        // The message has room for this: it keeps the question, and its record of EDNS without options.
        var length = ResponseWriter.WriteEmpty(_message, _query, ResponseCode.ServerFailure);
        Finish(_message.AsSpan(0, length));
    }

    private bool TryAsk(Upstream server)
    {
        try
        {
            MessageHeader.SetId(_message, forwarder.NextId());
            _socket = server.MakeSocket(server.Address.Family, Connection is not null);
            var problem = ClientSocket.Connect(_socket, server.Address);
            if (Connection is not null)
            {
                _stream = new();
                Watch(EpollEvents.Writable);
                return problem is null or Errno.EINPROGRESS;
            }

            Watch(EpollEvents.Readable);
            return problem is null && UnixSocket.TrySend(_socket, Message) == _length;
        }
        catch (LinuxException)
        {
            // No descriptor, or no way to that server: there may be one to the next.
            return false;
        }
    }

    private void GiveUpOnServer()
    {
        Avoid();
        AskNext();
    }

    private void Avoid()
    {
        // A server that has no TCP is as good as ever for datagrams.
        if (Connection is null)
        {
            forwarder.Avoid(Server);
        }
    }

    private void Watch(EpollEvents events)
    {
        forwarder.Loop.Add(_socket!.Number, events, this);
        _isWatched = true;
    }

    private void ReceiveDatagrams()
    {
        for (var left = Patience; left > 0; left--)
        {
            var answer = forwarder.Scratch;
            var length = _socket!.TryRead(answer);
            if (length == -(int)Errno.EAGAIN)
            {
                return;
            }

            if (length < 0)
            {
                // Nobody listens there (ECONNREFUSED), or the way is gone.
                GiveUpOnServer();
                return;
            }

            // What is no answer to this query is somebody else's attempt at one: the server's may still come.
            if (UpstreamAnswer.Matches(Message, _query.QuestionEnd, answer[..length]))
            {
                Take(answer[..length]);
                return;
            }
        }
    }

    private void OnStreamReady(StreamTransfer stream, EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            var sent = ClientSocket.Error(_socket!) is null ? stream.Send(_socket!, Message) : null;
            if (sent is null)
            {
                GiveUpOnServer();
            }
            else if (sent.Value)
            {
                forwarder.Loop.Modify(_socket!.Number, EpollEvents.Readable);
            }
        }
        else if (!stream.Receive(_socket!, out var answer))
        {
            AskNext();
        }
        else if (answer is not null)
        {
            if (UpstreamAnswer.Matches(Message, _query.QuestionEnd, answer))
            {
                Take(answer);
            }
            else
            {
                AskNext();
            }
        }
    }

    private void Take(Span<byte> answer)
    {
        // Another server may know better, as with docker's.
        if (MessageHeader.CodeOf(answer) is ResponseCode.ServerFailure or ResponseCode.Refused)
        {
            AskNext();
        }
        else
        {
            Finish(answer);
        }
    }

    private void Finish(Span<byte> answer)
    {
        Close();
        MessageHeader.SetId(answer, _askerId);
        forwarder.Finish(this, answer, _asker.AsSpan(0, _askerLength));
    }

    private void Close()
    {
        if (_isWatched)
        {
            forwarder.Loop.Remove(_socket!.Number);
        }

        _socket?.Dispose();
        _socket = null;
        _stream = null;
        _isWatched = false;
    }
}
