using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns.Connections;
using Sampan.Networking.Dns.Forwarding;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Dns;

/// <summary>
/// The name server of one container: answers the names of its networks (RFC 1035) and forwards everything else. It lives on an event loop,
/// never waits, answers a query that the zone knows without an allocation, and is bounded in all that others can make it hold.
/// </summary>
public sealed class NameServer : IEventHandler, IDisposable
{
    // Datagrams of one turn; then whoever else is on the loop has his.
    private const int Batch = 16;

    // A page for each, of which a query touches one. It is the longest answer by datagram, too.
    private const int Room = 4096;

    private readonly EventLoop _loop;
    private readonly FileDescriptor _datagrams;
    private readonly FileDescriptor _listener;
    private readonly DatagramBatch _batch = new(Batch, Room);
    private readonly AnonymousMemory _scratch = new(1 << 16);
    private readonly DeadlineTimer _timer;
    private readonly Forwarder _forwarder;
    private readonly NameResponder _responder;
    private readonly ConnectionList _connections;

    /// <summary>Begins to answer.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="datagrams">From <see cref="DatagramSocket.Bind"/>; becomes this one's.</param>
    /// <param name="listener">From <see cref="StreamListener.Listen"/>; becomes this one's.</param>
    /// <param name="zone">The zone as it is now; asked for at each query, so an owner may look whether there is a newer one.</param>
    /// <param name="limits">How many, and how long; null for what is usual.</param>
    /// <exception cref="LinuxException">No memory, or no descriptor, is to be had.</exception>
    public NameServer(EventLoop loop, FileDescriptor datagrams, FileDescriptor listener, Func<NameZone> zone, NameServerLimits? limits = null)
    {
        limits ??= new();
        _loop = loop;
        _datagrams = datagrams;
        _listener = listener;
        _timer = new(loop, Sweep);
        _forwarder = new(loop, _timer, datagrams, _scratch, limits);
        _responder = new(zone, _forwarder);
        _connections = new(loop, _timer, listener, _responder, _forwarder, limits);
        loop.Add(datagrams.Number, EpollEvents.Readable, this);
    }

    /// <summary>
    /// Who is asked for what the zone does not know, in this order. With none, such a query is answered with SERVFAIL: whether the name
    /// exists is not known.
    /// </summary>
    public IReadOnlyList<Upstream> Upstreams
    {
        get => _forwarder.Servers;
        set => _forwarder.Servers = value;
    }

    /// <summary>
    /// The container's networks are internal: nothing is forwarded, whoever could be asked, and a name that nobody here has does not
    /// exist. Docker says SERVFAIL, which musl's resolver takes for a server that may yet answer: it waits five seconds, and does not go
    /// on with its search list.
    /// </summary>
    public bool IsInternal
    {
        get => _responder.IsInternal;
        set => _responder.IsInternal = value;
    }

    /// <summary>
    /// Addresses of a name without a dot that nobody here has are not asked for elsewhere: docker's way where the user sets ndots, since
    /// the resolver goes on with its search list.
    /// </summary>
    public bool KeepsSingleLabels
    {
        get => _responder.KeepsSingleLabels;
        set => _responder.KeepsSingleLabels = value;
    }

    /// <summary>Queries that wait for other servers.</summary>
    internal int Forwarded => _forwarder.Count;

    /// <summary>Connections that are open.</summary>
    internal int Connections => _connections.Count;

    /// <inheritdoc/>
    public void OnReady(int descriptor, EpollEvents events)
    {
        // An error the socket has from before is told here, and is gone with that.
        var count = _batch.Receive(_datagrams);
        for (var index = 0; index < count; index++)
        {
            var answer = _responder.Respond(_batch.Room(index), _batch.Length(index), _batch.Address(index), null);
            if (answer > 0)
            {
                _batch.Answer(index, answer);
            }
        }

        _batch.Send(_datagrams);
    }

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim()
    {
        _batch.Discard();
        _scratch.Discard();
        _forwarder.Trim();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.Close();
        _forwarder.Cancel();
        _timer.Dispose();
        _loop.Remove(_datagrams.Number);
        _datagrams.Dispose();
        _listener.Dispose();
        _batch.Dispose();
        _scratch.Dispose();
    }

    private long Sweep()
    {
        var now = Environment.TickCount64;
        return Math.Min(_forwarder.Sweep(now), _connections.Sweep(now));
    }
}
