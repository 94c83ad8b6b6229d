using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>A socket that anybody can send datagrams to (udp(7)).</summary>
public static unsafe class DatagramSocket
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>Makes a socket with an address of its own, in the network namespace of the calling thread. One of IPv6 takes no datagrams of IPv4.</summary>
    /// <param name="address">Address and port; port 0 lets the kernel choose.</param>
    /// <returns>Non-blocking, O_CLOEXEC.</returns>
    /// <exception cref="LinuxException">socket(2) or bind(2) failed; EADDRINUSE where somebody has the port.</exception>
    public static FileDescriptor Bind(PeerAddress address)
    {
        var socket = ClientSocket.Make(address.Family, isStream: false);
        fixed (byte* bytes = address.Bytes.Span)
        {
            var result = SocketOptions.TakeOneFamily(socket, address.Family);
            result = result < 0 ? result : Kernel.Call(SystemCall.Bind, socket.Number, (nint)bytes, address.Bytes.Length);
            if (result < 0)
            {
                socket.Dispose();
                Kernel.Check(result, "bind datagram socket to port", address.Port.ToString());
            }
        }

        return socket;
    }

    /// <summary>Sends one datagram without waiting (sendmsg(2)).</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="payload">What.</param>
    /// <param name="address">Whom to, as a struct sockaddr; <see cref="DatagramBatch.Address"/> for instance.</param>
    /// <returns>Bytes sent, or minus the error number.</returns>
    public static int TrySend(FileDescriptor socket, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = payload, to = address)
        {
            var vector = stackalloc nint[2];
            vector[0] = (nint)bytes;
            vector[1] = payload.Length;

            // struct msghdr on 64-bit: name, namelen, iov, iovlen, control, controllen, flags.
            var message = stackalloc nint[7];
            new Span<nint>(message, 7).Clear();
            message[0] = (nint)to;
            message[1] = address.Length;
            message[2] = (nint)vector;
            message[3] = 1;
            return (int)Kernel.Call(SystemCall.Sendmsg, socket.Number, (nint)message, DoNotWait | NoSignal);
        }
    }
}
