using System.Runtime.InteropServices;

namespace Sampan.Linux.Sockets;

/// <summary>From whom a datagram came and to which of this host's addresses: an answer goes the same way back, so that the asker knows it for one.</summary>
/// <param name="IsIPv6">Which family.</param>
/// <param name="Peer">The other's address, its bytes as they are on the wire; the first four of IPv4.</param>
/// <param name="Port">The other's port, as on the wire.</param>
/// <param name="Scope">Device of a link-local address; else 0.</param>
/// <param name="Local">This host's address, as the other's.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DatagramRoute(bool IsIPv6, UInt128 Peer, ushort Port, uint Scope, UInt128 Local);
