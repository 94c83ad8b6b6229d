using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>A connection whose bytes are passed on (tcp(7)): they stay in the kernel until somebody has taken them.</summary>
public static unsafe class StreamSocket
{
    private const int Peek = 0x2;
    private const int Truncate = 0x20;
    private const int DoNotWait = 0x40;
    private const int Writing = 1;

    /// <summary>Reads what has come and leaves it where it is (recv(2), MSG_PEEK).</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="buffer">Where to.</param>
    /// <returns>Bytes, 0 at the end, or minus the error number (EAGAIN when nothing has come).</returns>
    public static int TryPeek(FileDescriptor socket, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return (int)Kernel.Call(SystemCall.Recvfrom, socket.Number, (nint)pointer, buffer.Length, Peek | DoNotWait);
        }
    }

    /// <summary>Drops bytes that were peeked at, without copying them again (tcp(7), MSG_TRUNC).</summary>
    /// <param name="socket">A connection of TCP.</param>
    /// <param name="count">Not more than were seen.</param>
    /// <returns>Bytes, or minus the error number.</returns>
    public static int TryDiscard(FileDescriptor socket, int count) =>
        (int)Kernel.Call(SystemCall.Recvfrom, socket.Number, 0, count, Truncate | DoNotWait);

    /// <summary>Sends no more; the peer finds the end behind what was sent (shutdown(2)).</summary>
    /// <param name="socket">The connection; one that its peer has left is no error.</param>
    public static void EndSending(FileDescriptor socket) => _ = Kernel.Call(SystemCall.Shutdown, socket.Number, Writing);
}
