using System.Net;

namespace Sampan.Networking.Firewall;

/// <summary>What the packet filter knows of a network.</summary>
/// <param name="Bridge">Name of its bridge.</param>
/// <param name="Internal">Whether nothing goes in or out.</param>
/// <param name="Subnets">Its prefixes.</param>
/// <param name="Together">Whether its containers reach each other through the host (com.docker.network.bridge.enable_icc).</param>
/// <param name="Masquerade4">Whether its IPv4 addresses are hidden behind the host's.</param>
/// <param name="Masquerade6">The same for IPv6.</param>
public sealed record FirewallNetwork(string Bridge, bool Internal, IReadOnlyList<IPNetwork> Subnets, bool Together, bool Masquerade4, bool Masquerade6);
