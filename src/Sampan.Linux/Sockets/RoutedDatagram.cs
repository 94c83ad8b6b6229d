using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>Datagrams with the way they came (recvmsg(2), sendmsg(2), cmsg(3)), for sockets that have all of the host's addresses.</summary>
public static unsafe class RoutedDatagram
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const ushort FamilyInternet = 2;
    private const ushort FamilyInternet6 = 10;
    private const int AddressLength = 28;
    private const int ControlLength = 64;
    private const int HeaderLength = 16;
    private const int InternetLevel = 0;
    private const int Internet6Level = 41;
    private const int PacketInformation = 8;
    private const int PacketInformation6 = 50;

    /// <summary>Takes a datagram, without waiting.</summary>
    /// <param name="socket">A socket that tells destinations (<see cref="SocketOptions.TellDestination"/>).</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="route">The way it came.</param>
    /// <returns>Its length, or minus the error number (EAGAIN when there is none).</returns>
    public static int TryReceive(FileDescriptor socket, Span<byte> buffer, out DatagramRoute route)
    {
        var address = stackalloc byte[AddressLength];
        var control = stackalloc byte[ControlLength];
        fixed (byte* pointer = buffer)
        {
            var vector = stackalloc nint[2] { (nint)pointer, buffer.Length };
            var message = stackalloc nint[7];
            Describe(message, address, AddressLength, vector, control, ControlLength);
            var result = (int)Kernel.Call(SystemCall.Recvmsg, socket.Number, (nint)message, DoNotWait);
            route = result < 0 ? default : Read(address, control, (int)message[5]);
            return result;
        }
    }

    /// <summary>Sends a datagram back, without waiting.</summary>
    /// <param name="socket">The socket it came to.</param>
    /// <param name="payload">What.</param>
    /// <param name="route">The way the other's came.</param>
    /// <returns>Bytes sent, or minus the error number.</returns>
    public static int TrySend(FileDescriptor socket, ReadOnlySpan<byte> payload, in DatagramRoute route)
    {
        var address = stackalloc byte[AddressLength];
        var control = stackalloc byte[ControlLength];
        new Span<byte>(address, AddressLength).Clear();
        new Span<byte>(control, ControlLength).Clear();
        int length;
        int used;
        *(ushort*)(address + 2) = route.Port;
        if (route.IsIPv6)
        {
            // struct sockaddr_in6: family, port, flow, address, scope. struct in6_pktinfo: address, device.
            length = AddressLength;
            *(ushort*)address = FamilyInternet6;
            MemoryMarshal.Write(new Span<byte>(address + 8, 16), route.Peer);
            *(uint*)(address + 24) = route.Scope;
            used = Begin(control, Internet6Level, PacketInformation6, 20);
            MemoryMarshal.Write(new Span<byte>(control + HeaderLength, 16), route.Local);
            *(uint*)(control + HeaderLength + 16) = route.Scope;
        }
        else
        {
            // struct sockaddr_in: family, port, address. struct in_pktinfo: device, address to send from, address of the header.
            length = 16;
            *(ushort*)address = FamilyInternet;
            *(uint*)(address + 4) = (uint)route.Peer;
            used = Begin(control, InternetLevel, PacketInformation, 12);
            *(uint*)(control + HeaderLength + 4) = (uint)route.Local;
        }

        fixed (byte* pointer = payload)
        {
            var vector = stackalloc nint[2] { (nint)pointer, payload.Length };
            var message = stackalloc nint[7];
            Describe(message, address, length, vector, control, used);
            return (int)Kernel.Call(SystemCall.Sendmsg, socket.Number, (nint)message, DoNotWait | NoSignal);
        }
    }

    // struct msghdr on 64-bit: name, namelen, iov, iovlen, control, controllen, flags.
    private static void Describe(nint* message, byte* address, int addressLength, nint* vector, byte* control, int controlLength)
    {
        message[0] = (nint)address;
        message[1] = addressLength;
        message[2] = (nint)vector;
        message[3] = 1;
        message[4] = (nint)control;
        message[5] = controlLength;
        message[6] = 0;
    }

    // struct cmsghdr on 64-bit: length with the header, level, type; then the data, in multiples of eight bytes.
    private static int Begin(byte* control, int level, int type, int length)
    {
        *(nint*)control = HeaderLength + length;
        *(int*)(control + 8) = level;
        *(int*)(control + 12) = type;
        return HeaderLength + ((length + 7) & ~7);
    }

    private static DatagramRoute Read(byte* address, byte* control, int controlLength)
    {
        var isIPv6 = *(ushort*)address == FamilyInternet6;
        UInt128 local = 0;
        for (var offset = 0; offset + HeaderLength <= controlLength;)
        {
            var length = (int)*(nint*)(control + offset);
            var (level, type) = (*(int*)(control + offset + 8), *(int*)(control + offset + 12));
            if (level == Internet6Level && type == PacketInformation6)
            {
                local = MemoryMarshal.Read<UInt128>(new ReadOnlySpan<byte>(control + offset + HeaderLength, 16));
            }
            else if (level == InternetLevel && type == PacketInformation)
            {
                local = *(uint*)(control + offset + HeaderLength + 4);
            }

            offset += Math.Max(HeaderLength, (length + 7) & ~7);
        }

        return isIPv6
            ? new(true, MemoryMarshal.Read<UInt128>(new ReadOnlySpan<byte>(address + 8, 16)), *(ushort*)(address + 2), *(uint*)(address + 24), local)
            : new(false, *(uint*)(address + 4), *(ushort*)(address + 2), 0, local);
    }
}
