using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>Settings of a socket (setsockopt(2)).</summary>
public static unsafe class SocketOptions
{
    private const int FamilyInternet6 = 10;
    private const int SocketLevel = 1;
    private const int InternetLevel = 0;
    private const int Internet6Level = 41;
    private const int TcpLevel = 6;
    private const int KeepAlive = 9;
    private const int Linger = 13;
    private const int PacketInformation = 8;
    private const int OnlyVersion6 = 26;
    private const int ReceivePacketInformation6 = 49;
    private const int NoDelay = 1;

    /// <summary>What is sent leaves at once (tcp(7), TCP_NODELAY).</summary>
    /// <param name="socket">A connection.</param>
    public static void SendAtOnce(FileDescriptor socket) => _ = Set(socket, TcpLevel, NoDelay, 1);

    /// <summary>A peer that is gone without a word is noticed in the end (socket(7), SO_KEEPALIVE).</summary>
    /// <param name="socket">A connection.</param>
    public static void NoticeLostPeer(FileDescriptor socket) => _ = Set(socket, SocketLevel, KeepAlive, 1);

    /// <summary>Closing it tells the peer that something went wrong (RST) rather than that it is complete (socket(7), SO_LINGER of 0 seconds).</summary>
    /// <param name="socket">A connection.</param>
    public static void ResetOnClose(FileDescriptor socket)
    {
        var value = stackalloc int[2] { 1, 0 };
        _ = Kernel.Call(SystemCall.Setsockopt, socket.Number, SocketLevel, Linger, (nint)value, 2 * sizeof(int));
    }

    /// <summary>Each datagram says which of this host's addresses it came to (ip(7), IP_PKTINFO; ipv6(7), IPV6_RECVPKTINFO).</summary>
    /// <param name="socket">A datagram socket.</param>
    /// <param name="family">AF_ number.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void TellDestination(FileDescriptor socket, int family) => Kernel.Check(
        family == FamilyInternet6 ? Set(socket, Internet6Level, ReceivePacketInformation6, 1) : Set(socket, InternetLevel, PacketInformation, 1),
        "ask for destinations of", "datagrams");

    // So the same port of the other family is somebody else's to have.
    internal static nint TakeOneFamily(FileDescriptor socket, int family) => family == FamilyInternet6 ? Set(socket, Internet6Level, OnlyVersion6, 1) : 0;

    private static nint Set(FileDescriptor socket, int level, int option, int value) =>
        Kernel.Call(SystemCall.Setsockopt, socket.Number, level, option, (nint)(&value), sizeof(int));
}
