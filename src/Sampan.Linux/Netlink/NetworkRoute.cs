using System.Net;

namespace Sampan.Linux.Netlink;

/// <summary>A route as the kernel tells of it (rtnetlink(7), RTM_GETROUTE).</summary>
/// <param name="Destination">Where it leads; a prefix of 0 bits is the default route.</param>
/// <param name="Gateway">By whom; null for what is on the link itself.</param>
/// <param name="Link">Number of the device it leaves by; 0 for none (blackhole and the like).</param>
/// <param name="Table">The routing table.</param>
public sealed record NetworkRoute(IPNetwork Destination, IPAddress? Gateway, int Link, uint Table);
