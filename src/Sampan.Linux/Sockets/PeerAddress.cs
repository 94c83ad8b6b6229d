using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Sockets;

/// <summary>Where a socket can be connected to: a path (unix(7)), or an address and a port (ip(7), ipv6(7)).</summary>
public sealed unsafe class PeerAddress
{
    /// <summary>AF_UNIX.</summary>
    public const ushort FamilyUnix = 1;

    private const ushort FamilyInternet = 2;
    private const ushort FamilyInternet6 = 10;
    private const int LongestPath = 107;

    private PeerAddress(ushort family, byte[] bytes)
    {
        MemoryMarshal.Write(bytes, family);
        Family = family;
        Bytes = bytes;
    }

    /// <summary>AF_ number.</summary>
    public int Family { get; }

    /// <summary>A struct sockaddr.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Port of an address of the internet; 0 of a path.</summary>
    public int Port => Family == FamilyUnix ? 0 : BinaryPrimitives.ReadUInt16BigEndian(Bytes.Span[2..]);

    /// <summary>A socket by its path.</summary>
    /// <param name="path">At most 107 bytes in UTF-8.</param>
    /// <returns>The address.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: too long for a socket's name.</exception>
    public static PeerAddress Unix(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        return name.Length <= LongestPath
            ? new(FamilyUnix, [0, 0, .. name, 0])
            : throw SampanException.InvalidArgument($"{path}: a socket's path has at most {LongestPath} bytes");
    }

    /// <summary>An address and a port.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="port">1 to 65535.</param>
    /// <returns>The address.</returns>
    public static PeerAddress Internet(IPAddress address, int port)
    {
        // struct sockaddr_in: family, port, address, 8 zeros; sockaddr_in6: family, port, flow, address, scope.
        var isVersion6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] bytes = isVersion6 ? [0, 0, 0, 0, 0, 0, 0, 0, .. address.GetAddressBytes(), 0, 0, 0, 0] : [0, 0, 0, 0, .. address.GetAddressBytes(), 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        if (isVersion6)
        {
            MemoryMarshal.Write(bytes.AsSpan(24), (uint)address.ScopeId);
        }

        return new(isVersion6 ? FamilyInternet6 : FamilyInternet, bytes);
    }

    /// <summary>The address a socket has itself, with the port the kernel chose where 0 was asked for (getsockname(2)).</summary>
    /// <param name="socket">A socket that is bound or connected.</param>
    /// <returns>The address.</returns>
    /// <exception cref="LinuxException">getsockname(2) failed.</exception>
    public static PeerAddress Of(FileDescriptor socket)
    {
        var buffer = stackalloc byte[128];
        var length = 128;
        Kernel.Check(Kernel.Call(SystemCall.Getsockname, socket.Number, (nint)buffer, (nint)(&length)), "ask socket for its address");
        var bytes = new ReadOnlySpan<byte>(buffer, length).ToArray();
        return new(MemoryMarshal.Read<ushort>(bytes), bytes);
    }
}
