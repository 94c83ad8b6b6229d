using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Dns.Forwarding;

/// <summary>A name server that knows what is not in the zone; never the one that asks, which would ask itself.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="MakeSocket">
/// Makes a non-blocking socket that is not connected, of an address family (AF_ number), a stream or for datagrams. A socket stays in the
/// network namespace it was made in: a server at the host's loopback address must be asked from there. May throw
/// <see cref="LinuxException"/>.
/// </param>
public sealed record Upstream(PeerAddress Address, Func<int, bool, FileDescriptor> MakeSocket)
{
    /// <summary>A server that is asked from the network namespace of the calling thread.</summary>
    /// <param name="address">Where it listens.</param>
    public Upstream(PeerAddress address)
        : this(address, ClientSocket.Make)
    {
    }
}
