using System.Net;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Networks;

/// <summary>Where a container asks for names: 127.0.0.11, as with docker, by datagram and by stream.</summary>
/// <param name="Datagrams">Receives queries.</param>
/// <param name="Listener">Accepts connections.</param>
internal sealed record NameSockets(FileDescriptor Datagrams, FileDescriptor Listener) : IDisposable
{
    /// <summary>The address.</summary>
    public const string Address = "127.0.0.11";

    /// <summary>Opens them in the network namespace that the calling thread is in.</summary>
    /// <param name="port">53.</param>
    /// <returns>The sockets.</returns>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static NameSockets Open(int port)
    {
        var place = PeerAddress.Internet(IPAddress.Parse(Address), port);
        var datagrams = DatagramSocket.Bind(place);
        try
        {
            return new(datagrams, StreamListener.Listen(place));
        }
        catch (LinuxException)
        {
            datagrams.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Datagrams.Dispose();
        Listener.Dispose();
    }
}
