using System.Net;

namespace Sampan.Networking.Dns.Zones;

/// <summary>Somebody on a network.</summary>
/// <param name="Name">His name; it is what a reverse look-up of his addresses answers.</param>
/// <param name="Others">Other names he goes by: aliases, which several hosts may share, and the short id.</param>
/// <param name="Addresses">His addresses on this network, IPv4 and IPv6.</param>
public sealed record NamedHost(string Name, IReadOnlyList<string> Others, IReadOnlyList<IPAddress> Addresses);
