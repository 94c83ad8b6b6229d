using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Relays;

/// <summary>Somebody whose datagrams are carried, and who gets the answers.</summary>
internal sealed class RelayedSender : IEventHandler
{
    // Answers of one turn; then whoever else is on the loop has his.
    private const int Batch = 16;

    private readonly DatagramDoor _door;
    private readonly DatagramRoute _route;
    private readonly FileDescriptor _socket;

    /// <param name="door">Where he came to.</param>
    /// <param name="route">The way he came.</param>
    /// <param name="socket">Connected to where he is carried; becomes this one's.</param>
    /// <exception cref="LinuxException">It cannot be watched; the socket is still the caller's.</exception>
    public RelayedSender(DatagramDoor door, in DatagramRoute route, FileDescriptor socket)
    {
        _door = door;
        _route = route;
        _socket = socket;
        LastActive = Environment.TickCount64;
        door.Relay.Loop.Add(socket.Number, EpollEvents.Readable, this);
    }

    /// <summary>When he last sent or was sent something, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastActive { get; private set; }

    public void OnReady(int descriptor, EpollEvents events)
    {
        for (var count = 0; count < Batch; count++)
        {
            var length = _socket.TryRead(_door.Relay.Scratch);
            if (length < 0)
            {
                // Nothing more; or nobody is there to receive (ECONNREFUSED), which may change.
                return;
            }

            LastActive = Environment.TickCount64;
            _ = RoutedDatagram.TrySend(_door.Socket, _door.Relay.Scratch[..length], _route);
        }
    }

    /// <summary>Carries a datagram of his.</summary>
    /// <param name="payload">What he sent.</param>
    public void Carry(ReadOnlySpan<byte> payload)
    {
        LastActive = Environment.TickCount64;
        if (UnixSocket.TrySend(_socket, payload) == -(int)Errno.ECONNREFUSED)
        {
            // That was about an earlier one.
            _ = UnixSocket.TrySend(_socket, payload);
        }
    }

    public void Close()
    {
        _door.Relay.Loop.Remove(_socket.Number);
        _socket.Dispose();
        _door.Forget(_route);
    }
}
