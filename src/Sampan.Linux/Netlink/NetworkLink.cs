namespace Sampan.Linux.Netlink;

/// <summary>A device as the kernel tells of it (rtnetlink(7), RTM_GETLINK).</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What made it: "bridge", "veth", "macvlan"; empty for hardware and lo.</param>
/// <param name="Up">Whether it is set up.</param>
/// <param name="Mtu">Bytes of the longest packet.</param>
/// <param name="Mac">Its hardware address; zero where it has none.</param>
/// <param name="Master">Number of the bridge it is a port of; 0 for none.</param>
/// <param name="Peer">Number of the other end or of the device below, in that one's namespace; 0 for none.</param>
public sealed record NetworkLink(int Index, string Name, string Kind, bool Up, int Mtu, MacAddress Mac, int Master, int Peer);
