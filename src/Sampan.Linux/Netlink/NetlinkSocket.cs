using System.Buffers.Binary;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Netlink;

/// <summary>A conversation with one family of one network namespace (netlink(7)). Requests of the families spoken here are done while they
/// are sent: when sendmsg(2) returns, every answer that is not a dump's waits to be read.</summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    private const int FamilyNetlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x8_0000;
    private const int RouteProtocol = 0;
    private const int NetfilterProtocol = 12;
    private const int NewNetworkNamespace = 0x4000_0000;
    private const int SocketLevel = 1;
    private const int NetlinkLevel = 270;
    private const int CapAcknowledge = 10;
    private const int ExtendedAcknowledge = 11;
    private const int ForceSendBuffer = 32;
    private const int DoNotWait = 0x40;
    private const int TellLength = 0x20;
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;
    private const ushort Interrupted = 0x10;
    private const ushort Capped = 0x100;
    private const ushort HasWords = 0x200;
    private const ushort Words = 1;
    private const int AnswerLength = 32 * 1024;
    private const int DumpAttempts = 20;
    private const int DefaultSendBuffer = 128 * 1024;

    private readonly FileDescriptor _socket;
    private uint _sequence;

    private NetlinkSocket(FileDescriptor socket) => _socket = socket;

    /// <summary>Speaks rtnetlink(7) to a namespace.</summary>
    /// <param name="networkNamespace">The namespace; null is the caller's own. A socket stays in the one it was made in, so the calling
    /// thread visits it for a moment.</param>
    /// <returns>The socket.</returns>
    /// <exception cref="LinuxException">setns(2) or socket(2) failed.</exception>
    public static NetlinkSocket OpenRoute(FileDescriptor? networkNamespace = null) => Open(RouteProtocol, "rtnetlink", networkNamespace);

    /// <summary>Speaks to netfilter of a namespace: nf_tables and connection tracking.</summary>
    /// <inheritdoc cref="OpenRoute"/>
    public static NetlinkSocket OpenNetfilter(FileDescriptor? networkNamespace = null) => Open(NetfilterProtocol, "netfilter", networkNamespace);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends one request and hands each answer to a reader.</summary>
    /// <param name="message">The request; not a dump.</param>
    /// <param name="read">Receives type and payload of each answer.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal void Ask(NetlinkMessage message, Reader? read = null)
    {
        var sequence = ++_sequence;
        Transmit(message.Finish(sequence, acknowledge: true), message);
        Receive(sequence, message, read);
    }

    /// <summary>Asks for all objects of a kind. The kernel says when they changed while it told of them; then they are asked for again.</summary>
    /// <param name="message">The request, a dump.</param>
    /// <returns>Type and payload of each answer.</returns>
    /// <exception cref="LinuxException">The kernel refuses; EBUSY: they never stood still.</exception>
    internal List<(ushort Type, byte[] Payload)> List(NetlinkMessage message)
    {
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            var sequence = ++_sequence;
            Transmit(message.Finish(sequence), message);
            var answers = new List<(ushort, byte[])>();
            if (Receive(sequence, message, (type, payload) => answers.Add((type, payload.ToArray()))))
            {
                return answers;
            }
        }

        throw new LinuxException(Errno.EBUSY, message.Operation, message.Target);
    }

    /// <summary>Sends several requests at once. They are done in order; one that fails does not keep those after it from being tried, unless
    /// the family has transactions.</summary>
    /// <param name="messages">The requests; not dumps.</param>
    /// <exception cref="LinuxException">The first of them that the kernel refused.</exception>
    internal void Send(IReadOnlyList<NetlinkMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        var first = _sequence + 1;
        var bytes = new List<byte>(messages.Count * 128);
        foreach (var message in messages)
        {
            bytes.AddRange(message.Finish(++_sequence));
        }

        Transmit(bytes.ToArray(), messages[0]);
        Drain(first, messages);
    }

    private static NetlinkSocket Open(int protocol, string name, FileDescriptor? networkNamespace)
    {
        if (networkNamespace is null)
        {
            return Open(protocol, name);
        }

        using var own = FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
        Kernel.Check(Kernel.Call(SystemCall.SetNs, networkNamespace.Number, NewNetworkNamespace), "setns", "network namespace");
        try
        {
            return Open(protocol, name);
        }
        finally
        {
            Kernel.Check(Kernel.Call(SystemCall.SetNs, own.Number, NewNetworkNamespace), "setns", "back to the own network namespace");
        }
    }

    private static NetlinkSocket Open(int protocol, string name)
    {
        var socket = new FileDescriptor(
            (int)Kernel.Check(Kernel.Call(SystemCall.Socket, FamilyNetlink, Raw | CloseOnExec, protocol), "make socket", name));

        // A refusal has the kernel's own words, and not the request again.
        Set(socket, NetlinkLevel, ExtendedAcknowledge, 1);
        Set(socket, NetlinkLevel, CapAcknowledge, 1);
        return new(socket);
    }

    private static void Set(FileDescriptor socket, int level, int option, int value) => Kernel.Check(
        Kernel.Call(SystemCall.Setsockopt, socket.Number, level, option, (nint)(&value), sizeof(int)), "set an option of", "a netlink socket");

    private void Transmit(byte[] bytes, NetlinkMessage message)
    {
        if (bytes.Length > DefaultSendBuffer)
        {
            Set(_socket, SocketLevel, ForceSendBuffer, bytes.Length * 2);
        }

        fixed (byte* pointer = bytes)
        {
            Kernel.Check(Kernel.Call(SystemCall.Write, _socket.Number, (nint)pointer, bytes.Length), message.Operation, message.Target);
        }
    }

    // False when a dump was overtaken by a change (NLM_F_DUMP_INTR).
    private bool Receive(uint sequence, NetlinkMessage message, Reader? read)
    {
        var whole = true;
        var buffer = new byte[AnswerLength];
        while (true)
        {
            var rest = Next(buffer, 0, message);
            while (TryTake(ref rest, message, out var header, out var payload))
            {
                if (header.Sequence != sequence)
                {
                    continue;
                }

                whole &= (header.Flags & Interrupted) == 0;
                switch (header.Type)
                {
                    case DoneType or ErrorType:
                        // A dump that fails has its error in what ends it.
                        return Refusal(payload, header.Flags, message) is { } refusal ? throw refusal : whole;
                    default:
                        read?.Invoke(header.Type, payload);
                        break;
                }
            }
        }
    }

    private void Drain(uint first, IReadOnlyList<NetlinkMessage> messages)
    {
        LinuxException? refusal = null;
        var refused = uint.MaxValue;
        var buffer = new byte[AnswerLength];
        while (true)
        {
            Span<byte> rest;
            try
            {
                rest = Next(buffer, DoNotWait, messages[0]);
            }
            catch (LinuxException error) when (error.Errno == Errno.ENOBUFS)
            {
                // More refusals than the socket holds: the first ones are there to be read.
                refusal = error;
                continue;
            }

            if (rest.IsEmpty)
            {
                break;
            }

            while (TryTake(ref rest, messages[0], out var header, out var payload))
            {
                var index = header.Sequence - first;
                if (header.Type != ErrorType || index >= messages.Count || index >= refused)
                {
                    continue;
                }

                if (Refusal(payload, header.Flags, messages[(int)index]) is { } found)
                {
                    (refusal, refused) = (found, index);
                }
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    // Empty when nothing waits and none is to be waited for.
    private Span<byte> Next(byte[] buffer, int flags, NetlinkMessage message)
    {
        nint length;
        fixed (byte* pointer = buffer)
        {
            do
            {
                length = Kernel.CallBlocking(SystemCall.Recvfrom, _socket.Number, (nint)pointer, buffer.Length, flags | TellLength);
            }
            while (length == -(int)Errno.EINTR);
        }

        if (length == -(int)Errno.EAGAIN && (flags & DoNotWait) != 0)
        {
            return default;
        }

        Kernel.Check(length, message.Operation, message.Target);
        return length <= buffer.Length ? buffer.AsSpan(0, (int)length) : throw CutShort(message);
    }

    private static bool TryTake(
        ref Span<byte> rest, NetlinkMessage message, out (ushort Type, ushort Flags, uint Sequence) header, out ReadOnlySpan<byte> payload)
    {
        if (rest.Length < NetlinkMessage.HeaderLength)
        {
            header = default;
            payload = default;
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < NetlinkMessage.HeaderLength || length > rest.Length)
        {
            throw CutShort(message);
        }

        header = (
            BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]), BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
        payload = rest[NetlinkMessage.HeaderLength..length];
        rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        return true;
    }

    // struct nlmsgerr: the number, 0 acknowledges; the header of the request, and with NETLINK_EXT_ACK attributes after it, where
    // NLM_F_CAPPED says that the request's payload is left out.
    private static LinuxException? Refusal(ReadOnlySpan<byte> payload, ushort flags, NetlinkMessage message)
    {
        var number = payload.Length < sizeof(int) ? 0 : BinaryPrimitives.ReadInt32LittleEndian(payload);
        if (number == 0)
        {
            return null;
        }

        var words = (flags & HasWords) == 0 || payload.Length < 8 ? "" : KernelWords(payload, (flags & Capped) != 0);
        return new((Errno)(-number), message.Operation, words.Length == 0 ? message.Target : $"{message.Target} (the kernel says: {words})");
    }

    private static string KernelWords(ReadOnlySpan<byte> payload, bool capped)
    {
        var request = capped ? NetlinkMessage.HeaderLength : BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
        var start = sizeof(int) + ((request + 3) & ~3);
        if (request < 0 || start > payload.Length)
        {
            return "";
        }

        var attributes = new NetlinkAttributes(payload[start..]);
        while (attributes.Next())
        {
            if (attributes.Type == Words)
            {
                return Encoding.UTF8.GetString(attributes.Value).TrimEnd('\0');
            }
        }

        return "";
    }

    private static SampanException CutShort(NetlinkMessage message) =>
        new(ErrorKind.Internal, $"{message.Operation} {message.Target}: the kernel's answer is cut short");

    /// <summary>Receives one answer.</summary>
    /// <param name="type">Its number.</param>
    /// <param name="payload">The family's structure and attributes.</param>
    internal delegate void Reader(ushort type, ReadOnlySpan<byte> payload);
}
