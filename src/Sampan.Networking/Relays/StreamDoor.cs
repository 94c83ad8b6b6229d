using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Relays;

/// <summary>A socket that listens, and where its connections are carried.</summary>
/// <param name="relay">Whose it is.</param>
/// <param name="socket">The socket; stays its owner's.</param>
/// <param name="target">Where to.</param>
internal sealed class StreamDoor(PortRelay relay, FileDescriptor socket, PeerAddress target) : IEventHandler
{
    // Accepted in one turn; then whoever else is on the loop has his.
    private const int Batch = 16;

    private bool _isOpen;

    public FileDescriptor Socket => socket;

    public void Open()
    {
        if (!_isOpen)
        {
            relay.Loop.Add(socket.Number, EpollEvents.Readable, this);
            _isOpen = true;
        }
    }

    /// <summary>Is told of no more connections; those there are go on.</summary>
    public void Close()
    {
        if (_isOpen)
        {
            relay.Loop.Remove(socket.Number);
            _isOpen = false;
        }
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        for (var count = 0; count < Batch && relay.HasRoom(); count++)
        {
            if (StreamListener.TryAccept(socket, out var problem) is { } client)
            {
                Carry(client);
                continue;
            }

            if (problem is not null)
            {
                // No descriptor is to be had.
                relay.Pause();
            }

            return;
        }
    }

    private void Carry(FileDescriptor client)
    {
        FileDescriptor? server = null;
        try
        {
            server = ClientSocket.Make(target.Family, isStream: true);
            if (ClientSocket.Connect(server, target) is { } problem and not Errno.EINPROGRESS)
            {
                throw new LinuxException(problem, "connect", "container");
            }

            relay.Remember(new(relay, client, server));
        }
        catch (LinuxException)
        {
            // The client is told in the only way there is.
            SocketOptions.ResetOnClose(client);
            client.Dispose();
            server?.Dispose();
        }
    }
}
