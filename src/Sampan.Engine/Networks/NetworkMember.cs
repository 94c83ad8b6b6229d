namespace Sampan.Engine.Networks;

/// <summary>A container on a network, as inspect shows it.</summary>
/// <param name="Container">Full id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Id of the endpoint.</param>
/// <param name="MacAddress">Hardware address.</param>
/// <param name="IPv4Address">With the length of its prefix; empty for none.</param>
/// <param name="IPv6Address">The same.</param>
public sealed record NetworkMember(string Container, string Name, string Endpoint, string MacAddress, string IPv4Address, string IPv6Address);
