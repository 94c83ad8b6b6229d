namespace Sampan.Linux.Netlink;

/// <summary>Numbers of rtnetlink(7): linux/rtnetlink.h, if_link.h, if_addr.h.</summary>
internal static class RouteNumbers
{
    public const ushort NewLink = 16;
    public const ushort DeleteLink = 17;
    public const ushort GetLink = 18;
    public const ushort SetLink = 19;
    public const ushort NewAddress = 20;
    public const ushort DeleteAddress = 21;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort DeleteRoute = 25;
    public const ushort GetRoute = 26;
    public const ushort GetRule = 34;

    /// <summary>sizeof(struct ifinfomsg): family, type, index, flags, change.</summary>
    public const int LinkHeaderLength = 16;

    /// <summary>sizeof(struct ifaddrmsg): family, prefix length, flags, scope, index.</summary>
    public const int AddressHeaderLength = 8;

    /// <summary>sizeof(struct rtmsg): family, lengths of destination and source, tos, table, protocol, scope, type, flags.</summary>
    public const int RouteHeaderLength = 12;

    /// <summary>IFF_UP.</summary>
    public const uint Up = 1;

    public const ushort LinkMac = 1;
    public const ushort LinkName = 3;
    public const ushort LinkMtu = 4;
    public const ushort LinkBelow = 5;
    public const ushort LinkMaster = 10;
    public const ushort LinkInfo = 18;
    public const ushort LinkNamespacePid = 19;
    public const ushort LinkAlias = 20;
    public const ushort LinkNamespace = 28;
    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;
    public const ushort InfoPortKind = 4;
    public const ushort InfoPortData = 5;
    public const ushort VethPeer = 1;
    public const ushort VlanId = 1;
    public const ushort MacvlanMode = 1;
    public const ushort IpvlanMode = 1;
    public const ushort IpvlanFlags = 2;
    public const ushort BridgePortHairpin = 4;
    public const ushort BridgePortIsolated = 33;

    public const ushort AddressWhole = 1;
    public const ushort AddressLocal = 2;
    public const ushort AddressBroadcast = 4;
    public const ushort AddressFlags = 8;

    /// <summary>IFA_F_NODAD.</summary>
    public const int NoDuplicateDetection = 2;

    /// <summary>IFA_F_PERMANENT.</summary>
    public const uint Permanent = 0x80;

    public const ushort RouteDestination = 1;
    public const ushort RouteOutput = 4;
    public const ushort RouteGateway = 5;
    public const ushort RoutePriority = 6;
    public const ushort RouteTable = 15;

    public const ushort RuleDestination = 1;
    public const ushort RuleSource = 2;
}
