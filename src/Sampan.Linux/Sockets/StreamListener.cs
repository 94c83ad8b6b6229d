using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>A socket that anybody can connect to (tcp(7)).</summary>
public static unsafe class StreamListener
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;

    /// <summary>Listens, in the network namespace of the calling thread. Connections that linger from an earlier listener are no obstacle;
    /// a listener of IPv6 takes no connections of IPv4.</summary>
    /// <param name="address">Address and port; port 0 lets the kernel choose.</param>
    /// <param name="backlog">Connections that wait for accept.</param>
    /// <returns>Non-blocking, O_CLOEXEC.</returns>
    /// <exception cref="LinuxException">bind(2) or listen(2) failed; EADDRINUSE where somebody listens.</exception>
    public static FileDescriptor Listen(PeerAddress address, int backlog = 128)
    {
        var socket = ClientSocket.Make(address.Family, isStream: true);
        fixed (byte* bytes = address.Bytes.Span)
        {
            var yes = 1;
            var result = Kernel.Call(SystemCall.Setsockopt, socket.Number, SocketLevel, ReuseAddress, (nint)(&yes), sizeof(int));
            result = result < 0 ? result : SocketOptions.TakeOneFamily(socket, address.Family);
            result = result < 0 ? result : Kernel.Call(SystemCall.Bind, socket.Number, (nint)bytes, address.Bytes.Length);
            result = result < 0 ? result : Kernel.Call(SystemCall.Listen, socket.Number, backlog);
            if (result < 0)
            {
                socket.Dispose();
                Kernel.Check(result, "listen on port", address.Port.ToString());
            }
        }

        return socket;
    }

    /// <summary>Takes a waiting connection (accept4(2)).</summary>
    /// <param name="listener">What <see cref="Listen"/> returned.</param>
    /// <param name="problem">Why a connection that waits cannot be had, EMFILE for instance; null when none waits, or its peer has gone.</param>
    /// <returns>A non-blocking socket, O_CLOEXEC; null when there is none.</returns>
    public static FileDescriptor? TryAccept(FileDescriptor listener, out Errno? problem)
    {
        var result = Kernel.Call(SystemCall.Accept4, listener.Number, 0, 0, NonBlocking | CloseOnExec);
        problem = result is >= 0 or -(int)Errno.EAGAIN or -(int)Errno.ECONNABORTED ? null : (Errno)(int)-result;
        return result < 0 ? null : new((int)result);
    }
}
