using System.Net;

namespace Sampan.Networking.Firewall;

/// <summary>A port of the host that leads to a container.</summary>
/// <param name="Protocol">IPPROTO_ number: 6 TCP, 17 UDP, 132 SCTP.</param>
/// <param name="HostAddress">The host's address; 0.0.0.0 or :: for all of the family.</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="ContainerAddress">Where to. Of another family than the host's address, the port does not lead there by itself: somebody carries what comes.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="Container">Whose: full id.</param>
public sealed record PublishedPort(
    byte Protocol, IPAddress HostAddress, ushort HostPort, IPAddress ContainerAddress, ushort ContainerPort, string Container)
{
    /// <summary>Whether somebody has to carry what comes.</summary>
    public bool IsRelayed => HostAddress.AddressFamily != ContainerAddress.AddressFamily;
}
