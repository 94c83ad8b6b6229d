using System.Buffers.Binary;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Netlink;

/// <summary>A conversation with the network stack of one network namespace (rtnetlink(7)).</summary>
public sealed unsafe class RouteSocket : IDisposable
{
    private const int FamilyNetlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x8_0000;
    private const int NewNetworkNamespace = 0x4000_0000;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const int AnswerLength = 32 * 1024;

    private readonly FileDescriptor _socket;
    private uint _sequence;

    private RouteSocket(FileDescriptor socket) => _socket = socket;

    /// <summary>Speaks to the caller's own namespace.</summary>
    /// <returns>The socket.</returns>
    /// <exception cref="LinuxException">socket(2) failed.</exception>
    public static RouteSocket Open() =>
        new(new((int)Kernel.Check(Kernel.Call(SystemCall.Socket, FamilyNetlink, Raw | CloseOnExec, 0), "make socket", "rtnetlink")));

    /// <summary>Speaks to another namespace: a socket stays in the one it was made in, so the calling thread visits it for a moment.</summary>
    /// <param name="networkNamespace">The namespace.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="LinuxException">setns(2) or socket(2) failed.</exception>
    public static RouteSocket OpenIn(FileDescriptor networkNamespace)
    {
        using var own = FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
        Kernel.Check(Kernel.Call(SystemCall.SetNs, networkNamespace.Number, NewNetworkNamespace), "setns", "network namespace");
        try
        {
            return Open();
        }
        finally
        {
            Kernel.Check(Kernel.Call(SystemCall.SetNs, own.Number, NewNetworkNamespace), "setns", "back to the own network namespace");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a request and hands each answer to a reader.</summary>
    /// <param name="message">The request.</param>
    /// <param name="operation">For the error.</param>
    /// <param name="target">For the error.</param>
    /// <param name="read">Receives type and payload of each answer.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal void Ask(NetlinkMessage message, string operation, string target, Reader? read = null)
    {
        var bytes = message.Finish(++_sequence);
        fixed (byte* pointer = bytes)
        {
            Kernel.Check(Kernel.Call(SystemCall.Write, _socket.Number, (nint)pointer, bytes.Length), operation, target);
        }

        var buffer = new byte[AnswerLength];
        while (true)
        {
            var rest = buffer.AsSpan(0, _socket.Read(buffer));
            while (rest.Length >= NetlinkMessage.HeaderLength)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (length < NetlinkMessage.HeaderLength || length > rest.Length)
                {
                    throw new SampanException(ErrorKind.Internal, $"{operation} {target}: the kernel's answer is cut short");
                }

                var type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                var payload = rest[NetlinkMessage.HeaderLength..length];
                if (BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]) == _sequence)
                {
                    if (type == Done)
                    {
                        return;
                    }

                    if (type == Error)
                    {
                        // struct nlmsgerr: 0 acknowledges.
                        Kernel.Check(BinaryPrimitives.ReadInt32LittleEndian(payload), operation, target);
                        return;
                    }

                    read?.Invoke(type, payload);
                }

                rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
            }
        }
    }

    /// <summary>Receives one answer.</summary>
    /// <param name="type">RTM_ number.</param>
    /// <param name="payload">The family's structure and attributes.</param>
    internal delegate void Reader(ushort type, ReadOnlySpan<byte> payload);
}
