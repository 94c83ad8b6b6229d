using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>Stream sockets of the local machine (unix(7)). A socket's name is looked up in an open directory, so a long path is no obstacle.</summary>
public static unsafe class UnixSocket
{
    private const int FamilyUnix = 1;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>Makes two blocking sockets that are each other's peer.</summary>
    /// <returns>Both ends, O_CLOEXEC.</returns>
    /// <exception cref="LinuxException">socketpair(2) failed.</exception>
    public static (FileDescriptor First, FileDescriptor Second) Pair()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Socketpair, FamilyUnix, Stream | CloseOnExec, 0, (nint)ends), "make socket pair");
        return (new(ends[0]), new(ends[1]));
    }

    /// <summary>Listens, without blocking in accept.</summary>
    /// <param name="directory">Directory of the socket.</param>
    /// <param name="name">Name of the socket; nothing of that name may be there.</param>
    /// <param name="backlog">Connections that wait for accept.</param>
    /// <returns>The listening socket.</returns>
    /// <exception cref="LinuxException">bind(2) or listen(2) failed; EADDRINUSE where the name is taken.</exception>
    public static FileDescriptor Listen(FileDescriptor directory, string name, int backlog = 128)
    {
        var socket = Make(NonBlocking);
        var address = stackalloc byte[110];
        var length = Address(directory, name, address);
        var result = Kernel.Call(SystemCall.Bind, socket.Number, (nint)address, length);
        if (result >= 0)
        {
            result = Kernel.Call(SystemCall.Listen, socket.Number, backlog);
        }

        if (result < 0)
        {
            socket.Dispose();
            Kernel.Check(result, "listen on", name);
        }

        return socket;
    }

    /// <summary>Connects to a listening socket.</summary>
    /// <param name="directory">Directory of the socket.</param>
    /// <param name="name">Name of the socket.</param>
    /// <returns>A blocking socket; null when nobody listens (ENOENT, ECONNREFUSED).</returns>
    /// <exception cref="LinuxException">connect(2) failed otherwise.</exception>
    public static FileDescriptor? TryConnect(FileDescriptor directory, string name)
    {
        var socket = Make(0);
        var address = stackalloc byte[110];
        var length = Address(directory, name, address);
        nint result;
        do
        {
            result = Kernel.CallBlocking(SystemCall.Connect, socket.Number, (nint)address, length);
        }
        while (result == -(int)Errno.EINTR);
        if (result >= 0)
        {
            return socket;
        }

        socket.Dispose();
        if (result is -(int)Errno.ENOENT or -(int)Errno.ECONNREFUSED)
        {
            return null;
        }

        Kernel.Check(result, "connect to", name);
        return null;
    }

    /// <summary>Takes a waiting connection.</summary>
    /// <param name="listener">What <see cref="Listen"/> returned.</param>
    /// <returns>A non-blocking socket; null when none waits or the peer has already gone.</returns>
    /// <exception cref="LinuxException">accept4(2) failed, EMFILE for instance.</exception>
    public static FileDescriptor? TryAccept(FileDescriptor listener)
    {
        var result = Kernel.Call(SystemCall.Accept4, listener.Number, 0, 0, NonBlocking | CloseOnExec);
        return result is -(int)Errno.EAGAIN or -(int)Errno.ECONNABORTED ? null : new((int)Kernel.Check(result, "accept"));
    }

    /// <summary>Sends two spans as one, without blocking and without SIGPIPE.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="first">First bytes.</param>
    /// <param name="second">Bytes that follow.</param>
    /// <returns>Bytes sent, fewer than asked when the peer does not read; or minus the error number (EAGAIN, EPIPE, ECONNRESET).</returns>
    public static int TrySend(FileDescriptor socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        fixed (byte* one = first, two = second)
        {
            var vectors = stackalloc nint[4];
            vectors[0] = (nint)one;
            vectors[1] = first.Length;
            vectors[2] = (nint)two;
            vectors[3] = second.Length;

            // struct msghdr on 64-bit: name, namelen, iov, iovlen, control, controllen, flags.
            var message = stackalloc nint[7];
            new Span<nint>(message, 7).Clear();
            message[2] = (nint)vectors;
            message[3] = 2;
            return (int)Kernel.Call(SystemCall.Sendmsg, socket.Number, (nint)message, DoNotWait | NoSignal);
        }
    }

    private static FileDescriptor Make(int flags) =>
        new((int)Kernel.Check(Kernel.Call(SystemCall.Socket, FamilyUnix, Stream | CloseOnExec | flags, 0), "make socket"));

    private static int Address(FileDescriptor directory, string name, byte* address)
    {
        // sun_path has 108 bytes. The directory's own magic link in /proc is short whatever the directory's path is.
        MemoryMarshal.Write(new Span<byte>(address, 2), (ushort)FamilyUnix);
        var length = Encoding.UTF8.GetBytes($"/proc/self/fd/{directory.Number}/{name}", new Span<byte>(address + 2, 107));
        address[2 + length] = 0;
        return 2 + length + 1;
    }
}
