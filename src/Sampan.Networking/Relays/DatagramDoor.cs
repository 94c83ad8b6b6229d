using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Relays;

/// <summary>A socket that datagrams come to, and where they are carried: each sender has a socket of his own there, by which answers find back to him.</summary>
internal sealed class DatagramDoor : IEventHandler
{
    // Datagrams of one turn; then whoever else is on the loop has his.
    private const int Batch = 32;

    private readonly PeerAddress _target;
    private readonly Dictionary<DatagramRoute, RelayedSender> _senders = [];

    /// <param name="relay">Whose it is.</param>
    /// <param name="socket">The socket; stays its owner's.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="LinuxException">It cannot be watched.</exception>
    public DatagramDoor(PortRelay relay, FileDescriptor socket, PeerAddress target)
    {
        Relay = relay;
        Socket = socket;
        _target = target;
        SocketOptions.TellDestination(socket, PeerAddress.Of(socket).Family);
        relay.Loop.Add(socket.Number, EpollEvents.Readable, this);
    }

    public PortRelay Relay { get; }

    public FileDescriptor Socket { get; }

    public void OnReady(int descriptor, EpollEvents events)
    {
        for (var count = 0; count < Batch; count++)
        {
            var length = RoutedDatagram.TryReceive(Socket, Relay.Scratch, out var route);
            if (length == -(int)Errno.EAGAIN)
            {
                return;
            }

            // What is told of an answer that reached nobody (ECONNREFUSED) is gone with that.
            if (length >= 0 && Sender(route) is { } sender)
            {
                sender.Carry(Relay.Scratch[..length]);
            }
        }
    }

    /// <summary>Ends it, and all its senders.</summary>
    public void Close()
    {
        Relay.Loop.Remove(Socket.Number);
        foreach (var sender in new List<RelayedSender>(_senders.Values))
        {
            sender.Close();
        }
    }

    public void Forget(in DatagramRoute route)
    {
        if (_senders.Remove(route))
        {
            Relay.OnSender(-1);
        }
    }

    /// <summary>The one who has been silent for longest.</summary>
    /// <param name="longest">Of other doors; null for none.</param>
    public RelayedSender? Silent(RelayedSender? longest)
    {
        foreach (var sender in _senders.Values)
        {
            longest = longest is null || sender.LastActive < longest.LastActive ? sender : longest;
        }

        return longest;
    }

    /// <summary>Forgets who has been silent for too long.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When that is to be looked at again.</returns>
    public long Sweep(long now)
    {
        var next = long.MaxValue;
        foreach (var sender in new List<RelayedSender>(_senders.Values))
        {
            var due = sender.LastActive + Relay.Limits.SenderMilliseconds;
            if (due <= now)
            {
                sender.Close();
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        return next;
    }

    private RelayedSender? Sender(in DatagramRoute route)
    {
        if (_senders.TryGetValue(route, out var known))
        {
            return known;
        }

        if (!Relay.TryMakeRoom())
        {
            return null;
        }

        FileDescriptor? socket = null;
        try
        {
            socket = ClientSocket.Make(_target.Family, isStream: false);
            if (ClientSocket.Connect(socket, _target) is not null)
            {
                socket.Dispose();
                return null;
            }

            var sender = new RelayedSender(this, route, socket);
            _senders.Add(route, sender);
            Relay.OnSender(1);
            Relay.Expect(sender.LastActive + Relay.Limits.SenderMilliseconds);
            return sender;
        }
        catch (LinuxException)
        {
            // No descriptor is to be had: the datagram is lost, as datagrams are.
            socket?.Dispose();
            return null;
        }
    }
}
