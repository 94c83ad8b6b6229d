using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Linux.Netlink;

/// <summary>An address that a device has, with the length of its network's prefix: 10.200.0.1/24.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits that name the network.</param>
public sealed record InterfaceAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>The other end, where the device leads to one only; null else.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>AF_INET or AF_INET6.</summary>
    internal byte Family => FamilyOf(Address);

    /// <summary>The number that the kernel has for a family.</summary>
    /// <param name="address">An address of it.</param>
    internal static byte FamilyOf(IPAddress address) => (byte)(address.AddressFamily == AddressFamily.InterNetworkV6 ? 10 : 2);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
