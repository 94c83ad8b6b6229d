using System.Net;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Networks;

/// <summary>
/// A port of the host that is a container's: a socket of the monitor's has it, so that no other program gets it, and none that has it is cut off.
/// What the packet filter sends on does not come to the socket.
/// </summary>
/// <param name="Port">The port.</param>
/// <param name="Socket">The socket; null where another program has the port all the same, or the kernel knows no such sockets.</param>
internal sealed record PortReservation(OpenPort Port, FileDescriptor? Socket)
{
    private const int Sctp = 132;
    private const int InternetFamily = 2;
    private const int InternetFamily6 = 10;

    // So many may come at once before the monitor has had its turn.
    private const int Backlog = 1024;

    /// <summary>Whether the host speaks IPv6: docker's test.</summary>
    public static bool HostHasIPv6
    {
        get
        {
            try
            {
                using var socket = ClientSocket.Make(InternetFamily6, isStream: true);
                return ClientSocket.Bind(socket, PeerAddress.Internet(IPAddress.IPv6Loopback, 0)) is null;
            }
            catch (LinuxException problem) when (problem.Errno == Errno.EAFNOSUPPORT)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the kernel has sockets of SCTP. Where it has none no program can take such a port, and this one cannot keep it.</summary>
    public static bool KernelHasSctp
    {
        get
        {
            try
            {
                ClientSocket.Make(InternetFamily, isStream: true, Sctp).Dispose();
                return true;
            }
            catch (LinuxException problem) when (problem.Errno is Errno.EPROTONOSUPPORT or Errno.ESOCKTNOSUPPORT)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the relay can carry what comes to the socket.</summary>
    public bool IsCarried => Socket is not null && Port.Protocol != "sctp";

    /// <summary>Takes a port.</summary>
    /// <param name="port">The port; its number may be 0 for one of the kernel's choice.</param>
    /// <returns>The reservation with the number that was taken; null where somebody has the port.</returns>
    /// <exception cref="LinuxException">The kernel refuses: EADDRNOTAVAIL for an address the host does not have.</exception>
    public static PortReservation? TryTake(OpenPort port)
    {
        try
        {
            var place = PeerAddress.Internet(IPAddress.Parse(port.HostIp), port.HostPort);
            var socket = port.Protocol switch
            {
                "udp" => DatagramSocket.Bind(place),
                "tcp" => StreamListener.Listen(place, Backlog),
                _ when KernelHasSctp => BindSctp(place),

                // Nobody can have the port. A number of the kernel's choice is one that is free for a stream.
                _ => port.HostPort != 0 ? null : StreamListener.Listen(place),
            };
            var taken = port.HostPort != 0 ? port.HostPort : PeerAddress.Of(socket!).Port;
            if (port.Protocol == "sctp" && !KernelHasSctp)
            {
                socket?.Dispose();
                socket = null;
            }

            return new(port with { HostPort = taken }, socket);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EADDRINUSE)
        {
            return null;
        }
    }

    private static FileDescriptor BindSctp(PeerAddress place)
    {
        var socket = ClientSocket.Make(place.Family, isStream: true, Sctp);
        if (ClientSocket.Bind(socket, place) is { } problem)
        {
            socket.Dispose();
            throw new LinuxException(problem, "bind sctp socket to port", place.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return socket;
    }
}
