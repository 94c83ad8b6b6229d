using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>Sockets that do not listen, and wait for nobody (socket(7)).</summary>
public static unsafe class ClientSocket
{
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;

    /// <summary>Makes a socket, not connected.</summary>
    /// <param name="family">AF_ number.</param>
    /// <param name="isStream">A stream, or datagrams.</param>
    /// <returns>Non-blocking, O_CLOEXEC.</returns>
    /// <exception cref="LinuxException">socket(2) failed: EAFNOSUPPORT where the kernel has no such family.</exception>
    public static FileDescriptor Make(int family, bool isStream) => Make(family, isStream, 0);

    /// <summary>The same of another protocol than TCP or UDP.</summary>
    /// <param name="family">AF_ number.</param>
    /// <param name="isStream">A stream, or datagrams.</param>
    /// <param name="protocol">IPPROTO_ number.</param>
    /// <returns>Non-blocking, O_CLOEXEC.</returns>
    /// <exception cref="LinuxException">socket(2) failed: EPROTONOSUPPORT where the kernel has no such protocol.</exception>
    public static FileDescriptor Make(int family, bool isStream, int protocol) => new((int)Kernel.Check(
        Kernel.Call(SystemCall.Socket, family, (isStream ? Stream : Datagram) | NonBlocking | CloseOnExec, protocol), "make socket"));

    /// <summary>Begins to connect.</summary>
    /// <param name="socket">From <see cref="Make(int, bool)"/>.</param>
    /// <param name="peer">Whom to.</param>
    /// <returns>Null when it is connected, EINPROGRESS when it will be writable once it is, or why it cannot be.</returns>
    public static Errno? Connect(FileDescriptor socket, PeerAddress peer)
    {
        fixed (byte* address = peer.Bytes.Span)
        {
            var result = Kernel.Call(SystemCall.Connect, socket.Number, (nint)address, peer.Bytes.Length);
            return result < 0 ? (Errno)(int)-result : null;
        }
    }

    /// <summary>Gives a socket an address of its own (bind(2)); one of IPv6 has nothing to do with IPv4.</summary>
    /// <param name="socket">From <see cref="Make(int, bool)"/>.</param>
    /// <param name="address">Address and port; port 0 lets the kernel choose.</param>
    /// <returns>Null when it has it, or why it cannot: EADDRINUSE, EADDRNOTAVAIL.</returns>
    public static Errno? Bind(FileDescriptor socket, PeerAddress address)
    {
        _ = SocketOptions.TakeOneFamily(socket, address.Family);
        fixed (byte* bytes = address.Bytes.Span)
        {
            var result = Kernel.Call(SystemCall.Bind, socket.Number, (nint)bytes, address.Bytes.Length);
            return result < 0 ? (Errno)(int)-result : null;
        }
    }

    /// <summary>What became of connecting, or of what was sent (SO_ERROR).</summary>
    /// <param name="socket">The socket.</param>
    /// <returns>Null when all is well.</returns>
    /// <exception cref="LinuxException">getsockopt(2) failed.</exception>
    public static Errno? Error(FileDescriptor socket)
    {
        int value;
        var length = sizeof(int);
        Kernel.Check(Kernel.Call(SystemCall.Getsockopt, socket.Number, SocketLevel, ErrorOption, (nint)(&value), (nint)(&length)), "ask socket");
        return value == 0 ? null : (Errno)value;
    }
}
