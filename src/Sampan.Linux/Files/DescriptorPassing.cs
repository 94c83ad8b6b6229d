using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>Receives what a process sends over a unix socket, descriptors included (unix(7), SCM_RIGHTS).</summary>
public static unsafe class DescriptorPassing
{
    private const int MessageCloseOnExec = 0x4000_0000;
    private const int ScmRights = 1;

    /// <summary>Receives once, waiting for it.</summary>
    /// <param name="socket">A connected unix stream socket.</param>
    /// <param name="descriptor">The descriptor that came along, or null.</param>
    /// <returns>False at end of file.</returns>
    /// <exception cref="LinuxException">recvmsg(2) failed.</exception>
    public static bool Receive(FileDescriptor socket, out FileDescriptor? descriptor)
    {
        var payload = stackalloc byte[64];
        var control = stackalloc byte[24];
        var vector = stackalloc nint[2];
        vector[0] = (nint)payload;
        vector[1] = 64;

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
        Kernel.Check(result, "receive from", "status channel");
        descriptor = message[5] >= 20 && *(int*)(control + 12) == ScmRights ? new FileDescriptor(*(int*)(control + 16)) : null;
        return result > 0;
    }
}
