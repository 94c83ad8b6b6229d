using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Relays;

/// <summary>
/// A connection that is carried: what comes at one end goes out at the other. An end that says it is done is done at the other end too, while the
/// opposite direction goes on; one that breaks breaks the other. An end that does not read stops only who writes to it.
/// </summary>
internal sealed class RelayedConnection : IEventHandler
{
    // Pieces of one turn and direction; then whoever else is on the loop has his.
    private const int Batch = 4;

    private readonly PortRelay _relay;
    private readonly RelaySide _client;
    private readonly RelaySide _server;
    private bool _isConnecting = true;
    private bool _isClosed;

    /// <param name="relay">Whose it is.</param>
    /// <param name="client">The one who came; becomes this one's.</param>
    /// <param name="server">The one he is carried to, connecting; becomes this one's.</param>
    /// <exception cref="LinuxException">They cannot be watched; the sockets are still the caller's.</exception>
    public RelayedConnection(PortRelay relay, FileDescriptor client, FileDescriptor server)
    {
        _relay = relay;
        _client = new(relay.Loop, client);
        _server = new(relay.Loop, server);
        SocketOptions.SendAtOnce(client);
        SocketOptions.SendAtOnce(server);
        SocketOptions.NoticeLostPeer(client);
        SocketOptions.NoticeLostPeer(server);
        _server.Watch(EpollEvents.Writable, this);
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        try
        {
            Go(descriptor, events);
        }
        catch (LinuxException)
        {
            // It cannot be watched (max_user_watches).
            Abort();
        }
    }

    /// <summary>Ends it; both learn that it is not complete.</summary>
    public void Abort()
    {
        if (!_isClosed)
        {
            SocketOptions.ResetOnClose(_client.Socket);
            SocketOptions.ResetOnClose(_server.Socket);
            Close();
        }
    }

    private void Go(int descriptor, EpollEvents events)
    {
        var side = descriptor == _client.Socket.Number ? _client : _server;
        if (_isConnecting)
        {
            if (ClientSocket.Error(_server.Socket) is not null)
            {
                Abort();
                return;
            }

            _isConnecting = false;
        }
        else if (side.IsQuiet && (events & (EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None)
        {
            Abort();
            return;
        }

        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            (side == _client ? _server : _client).IsBlocked = false;
        }

        if (!TryCarry(_client, _server) || !TryCarry(_server, _client))
        {
            Abort();
        }
        else if (_client.HasEnded && _server.HasEnded)
        {
            Close();
        }
        else
        {
            _client.Watch(_server, this);
            _server.Watch(_client, this);
        }
    }

    /// <summary>Carries what there is; false where the connection is broken.</summary>
    private bool TryCarry(RelaySide from, RelaySide to)
    {
        for (var count = 0; count < Batch && !from.HasEnded && !from.IsBlocked; count++)
        {
            var seen = StreamSocket.TryPeek(from.Socket, _relay.Scratch);
            if (seen <= 0)
            {
                if (seen == 0)
                {
                    from.HasEnded = true;
                    StreamSocket.EndSending(to.Socket);
                }

                return seen is 0 or -(int)Errno.EAGAIN;
            }

            var sent = UnixSocket.TrySend(to.Socket, _relay.Scratch[..seen]);
            from.IsBlocked = sent < seen;
            if (sent <= 0)
            {
                return sent == -(int)Errno.EAGAIN;
            }

            if (StreamSocket.TryDiscard(from.Socket, sent) != sent)
            {
                return false;
            }
        }

        return true;
    }

    private void Close()
    {
        _isClosed = true;
        _client.Close();
        _server.Close();
        _relay.Forget(this);
    }
}
