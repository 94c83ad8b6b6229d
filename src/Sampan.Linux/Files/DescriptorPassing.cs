using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>Descriptors over a unix socket (unix(7), SCM_RIGHTS).</summary>
public static unsafe class DescriptorPassing
{
    private const int MessageCloseOnExec = 0x4000_0000;
    private const int ScmRights = 1;
    private const int SocketLevel = 1;
    private const int NoSignal = 0x4000;

    /// <summary>Sends a descriptor, and a text with it, without SIGPIPE.</summary>
    /// <param name="socket">A connected unix stream socket.</param>
    /// <param name="descriptor">The receiver gets one of its own for the same open file; this one stays the caller's.</param>
    /// <param name="text">At least one byte.</param>
    /// <returns>False when the peer is gone (EPIPE, ECONNRESET).</returns>
    /// <exception cref="LinuxException">sendmsg(2) failed otherwise.</exception>
    public static bool TrySend(FileDescriptor socket, FileDescriptor descriptor, ReadOnlySpan<byte> text)
    {
        fixed (byte* payload = text)
        {
            return TrySend(socket, descriptor, payload, text.Length);
        }
    }

    /// <summary>Sends a descriptor and no byte with it: a datagram (unix(7)).</summary>
    /// <param name="socket">A connected unix datagram socket.</param>
    /// <param name="descriptor">The receiver gets one of its own for the same open file; this one stays the caller's.</param>
    /// <returns>0, or minus the error number (EAGAIN where the receiver's queue is full).</returns>
    public static int TrySendAlone(FileDescriptor socket, FileDescriptor descriptor) => (int)Send(socket, descriptor, null, 0);

    private static bool TrySend(FileDescriptor socket, FileDescriptor descriptor, byte* payload, int length)
    {
        var result = Send(socket, descriptor, payload, length);
        if (result is -(int)Errno.EPIPE or -(int)Errno.ECONNRESET)
        {
            return false;
        }

        Kernel.Check(result, "send a descriptor");
        return true;
    }

    private static nint Send(FileDescriptor socket, FileDescriptor descriptor, byte* payload, int length)
    {
        var vector = stackalloc nint[2];
        vector[0] = (nint)payload;
        vector[1] = length;

        // struct cmsghdr: length, level, type, then the data (cmsg(3)).
        var control = stackalloc byte[24];
        *(nint*)control = 20;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = ScmRights;
        *(int*)(control + 16) = descriptor.Number;
        var message = stackalloc nint[7];
        new Span<nint>(message, 7).Clear();
        message[2] = (nint)vector;
        message[3] = 1;
        message[4] = (nint)control;
        message[5] = 24;
        return Kernel.Call(SystemCall.Sendmsg, socket.Number, (nint)message, NoSignal);
    }

    /// <summary>Receives up to 64 bytes, waiting for the first. What was sent after a descriptor is left for the next call.</summary>
    /// <param name="socket">A connected unix stream socket.</param>
    /// <param name="descriptor">The descriptor that came along, or null.</param>
    /// <returns>False at end of file.</returns>
    /// <exception cref="LinuxException">recvmsg(2) failed.</exception>
    public static bool Receive(FileDescriptor socket, out FileDescriptor? descriptor)
    {
        Span<byte> text = stackalloc byte[64];
        return Receive(socket, text, out descriptor) > 0;
    }

    /// <summary>Receives what has come, waiting for the first of it. What was sent after a descriptor is left for the next call.</summary>
    /// <param name="socket">A connected unix stream socket.</param>
    /// <param name="text">Where the bytes go.</param>
    /// <param name="descriptor">The descriptor that came along, or null.</param>
    /// <returns>How many bytes; 0 at end of file, also where the peer went without reading all that was sent to it (ECONNRESET, unix(7)).</returns>
    /// <exception cref="LinuxException">recvmsg(2) failed.</exception>
    public static int Receive(FileDescriptor socket, Span<byte> text, out FileDescriptor? descriptor)
    {
        fixed (byte* payload = text)
        {
            return Receive(socket, payload, text.Length, out descriptor);
        }
    }

    private static int Receive(FileDescriptor socket, byte* payload, int length, out FileDescriptor? descriptor)
    {
        var control = stackalloc byte[24];
        var vector = stackalloc nint[2];
        vector[0] = (nint)payload;
        vector[1] = length;

        // struct msghdr: name, namelen, iov, iovlen, control, controllen, flags (recvmsg(2)).
        var message = stackalloc nint[7];
        nint result;
        do
        {
            new Span<nint>(message, 7).Clear();
            message[2] = (nint)vector;
            message[3] = 1;
            message[4] = (nint)control;
            message[5] = 24;
            result = Kernel.CallBlocking(SystemCall.Recvmsg, socket.Number, (nint)message, MessageCloseOnExec);
        }
        while (result == -(int)Errno.EINTR);
        if (result == -(int)Errno.ECONNRESET)
        {
            descriptor = null;
            return 0;
        }

        Kernel.Check(result, "receive from", "status channel");
        descriptor = message[5] >= 20 && *(int*)(control + 12) == ScmRights ? new FileDescriptor(*(int*)(control + 16)) : null;
        return (int)result;
    }
}
