using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Linux.Netlink;

/// <summary>What is to be changed in the network stack of one namespace, in order: requests are gathered, can be read
/// (<see cref="Steps"/>) and are sent at once (<see cref="NetworkStack.Apply"/>). rtnetlink(7) has no transactions: who applies it undoes
/// it where it fails.</summary>
public sealed class NetworkChange
{
    private readonly List<NetlinkMessage> _steps = [];

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<NetlinkMessage> Steps => _steps;

    /// <summary>Makes a bridge and sets it up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mac">Its hardware address: one of its own does not change with its ports.</param>
    /// <param name="mtu">Bytes; 0 for the kernel's choice.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeBridge(string name, MacAddress mac, int mtu)
    {
        var message = Make("make bridge", name, 0, up: true).Attribute(RouteNumbers.LinkName, name);
        AddMac(message, mac);
        AddMtu(message, mtu);
        return Add(message.Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "bridge").End());
    }

    /// <summary>Makes a pair of devices: one here, set up and a port of a bridge; one in another namespace, down.</summary>
    /// <param name="name">Name of the near end.</param>
    /// <param name="bridge">Number of the bridge.</param>
    /// <param name="mtu">Bytes; 0 for the kernel's choice.</param>
    /// <param name="alias">Words for who looks at the near end.</param>
    /// <param name="peer">The far end.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeVeth(string name, int bridge, int mtu, string alias, NewInterface peer)
    {
        var message = Make("make veth pair", $"{name} and {peer.Name}", 0, up: true)
            .Attribute(RouteNumbers.LinkName, name).Attribute(RouteNumbers.LinkMaster, bridge);
        AddMtu(message, mtu);
        message.Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "veth").Begin(RouteNumbers.InfoData);
        message.Begin(RouteNumbers.VethPeer).Add(LinkHeader(peer.Index, 0, 0)).Attribute(RouteNumbers.LinkName, peer.Name);
        AddMac(message, peer.Mac);
        AddMtu(message, mtu);
        peer.Namespace.AddTo(message);
        Add(message.End().End().End());

        // Not among what the kernel takes when it makes a device.
        return Add(new NetlinkMessage(RouteNumbers.NewLink, 0, "name in words", name)
            .Add(LinkHeader(0, 0, 0)).Attribute(RouteNumbers.LinkName, name).Attribute(RouteNumbers.LinkAlias, alias));
    }

    /// <summary>Makes a device over another one, in another namespace, down (macvlan).</summary>
    /// <param name="parent">Number of the device below.</param>
    /// <param name="mode">What devices over the same parent see of each other.</param>
    /// <param name="mtu">Bytes; 0 for the parent's.</param>
    /// <param name="device">The device.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeMacvlan(int parent, MacvlanMode mode, int mtu, NewInterface device)
    {
        var message = Over("make macvlan device", parent, mtu, device);
        AddMac(message, device.Mac);
        message.Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "macvlan")
            .Begin(RouteNumbers.InfoData).Attribute(RouteNumbers.MacvlanMode, (int)mode);
        return Add(message.End().End());
    }

    /// <summary>Makes a device over another one that shares its hardware address, in another namespace, down (ipvlan).</summary>
    /// <param name="parent">Number of the device below.</param>
    /// <param name="mode">On which layer packets are handed on.</param>
    /// <param name="flag">What devices over the same parent see of each other.</param>
    /// <param name="mtu">Bytes; 0 for the parent's.</param>
    /// <param name="device">The device.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeIpvlan(int parent, IpvlanMode mode, IpvlanFlag flag, int mtu, NewInterface device)
    {
        Span<byte> number = stackalloc byte[2];
        var message = Over("make ipvlan device", parent, mtu, device);
        message.Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "ipvlan").Begin(RouteNumbers.InfoData);
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)mode);
        message.Attribute(RouteNumbers.IpvlanMode, number);
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)flag);
        message.Attribute(RouteNumbers.IpvlanFlags, number);
        return Add(message.End().End());
    }

    /// <summary>Makes a device that leads nowhere: what a network without a parent is built over (dummy).</summary>
    /// <param name="name">Its name.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeDummy(string name) =>
        Add(Make("make dummy device", name, 0, up: true).Attribute(RouteNumbers.LinkName, name)
            .Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "dummy").End());

    /// <summary>Makes a device for what has a tag of IEEE 802.1Q on another one, and sets it up (vlan).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">Number of the device below, which must be up (ENETDOWN).</param>
    /// <param name="tag">The tag: 1 to 4094.</param>
    /// <returns>This.</returns>
    public NetworkChange MakeVlan(string name, int parent, int tag)
    {
        Span<byte> number = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)tag);
        return Add(Make("make vlan device", name, 0, up: true).Attribute(RouteNumbers.LinkName, name).Attribute(RouteNumbers.LinkBelow, parent)
            .Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoKind, "vlan").Begin(RouteNumbers.InfoData)
            .Attribute(RouteNumbers.VlanId, number).End().End());
    }

    /// <summary>Says what a bridge's port does with packets of its own (bridge(8)).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hairpin">Whether it may send what came in by it: with br_netfilter a container reaches its own published port so.</param>
    /// <param name="isolated">Whether it does not reach other isolated ports.</param>
    /// <returns>This.</returns>
    public NetworkChange SetPort(string name, bool hairpin, bool isolated) =>
        Add(new NetlinkMessage(RouteNumbers.NewLink, 0, "set up bridge port", name)
            .Add(LinkHeader(0, 0, 0)).Attribute(RouteNumbers.LinkName, name)
            .Begin(RouteNumbers.LinkInfo).Attribute(RouteNumbers.InfoPortKind, "bridge").Begin(RouteNumbers.InfoPortData)
            .Attribute(RouteNumbers.BridgePortHairpin, [hairpin ? (byte)1 : (byte)0])
            .Attribute(RouteNumbers.BridgePortIsolated, [isolated ? (byte)1 : (byte)0]).End().End());

    /// <summary>Makes a device a port of a bridge, and sets it up.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="bridge">Number of the bridge.</param>
    /// <returns>This.</returns>
    public NetworkChange SetMaster(int index, string name, int bridge) =>
        Add(new NetlinkMessage(RouteNumbers.NewLink, 0, "make bridge port of", name)
            .Add(LinkHeader(index, RouteNumbers.Up, RouteNumbers.Up)).Attribute(RouteNumbers.LinkMaster, bridge));

    /// <summary>Sets a device up.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <returns>This.</returns>
    public NetworkChange SetUp(int index, string name) =>
        Add(new NetlinkMessage(RouteNumbers.NewLink, 0, "set up network device", name).Add(LinkHeader(index, RouteNumbers.Up, RouteNumbers.Up)));

    /// <summary>Moves a device into another namespace under another name. The kernel drops its addresses on the way.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="networkNamespace">Where to.</param>
    /// <param name="newName">Its name there.</param>
    /// <returns>This.</returns>
    public NetworkChange Move(int index, string name, NetworkNamespaceReference networkNamespace, string newName)
    {
        var message = new NetlinkMessage(RouteNumbers.NewLink, 0, "move network device", $"{name} to the container as {newName}")
            .Add(LinkHeader(index, 0, RouteNumbers.Up));
        networkNamespace.AddTo(message);
        return Add(message.Attribute(RouteNumbers.LinkName, newName));
    }

    /// <summary>Removes a device, and with a veth its peer.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <returns>This.</returns>
    public NetworkChange RemoveLink(int index, string name) =>
        Add(new NetlinkMessage(RouteNumbers.DeleteLink, 0, "remove network device", name).Add(LinkHeader(index, 0, 0)));

    /// <summary>Gives a device an address. IPv6 addresses are used at once: who gives them sees to it that each is given once.</summary>
    /// <param name="index">The device's number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="address">The address.</param>
    /// <returns>This.</returns>
    public NetworkChange AddAddress(int index, string name, InterfaceAddress address)
    {
        var message = Address(RouteNumbers.NewAddress, NetlinkMessage.Create | NetlinkMessage.Exclusive, "add address", index, name, address);
        if (address.Address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            message.Attribute(RouteNumbers.AddressFlags, RouteNumbers.NoDuplicateDetection);
        }
        else if (address.PrefixLength < 31 && address.Peer is null)
        {
            message.Attribute(RouteNumbers.AddressBroadcast, BroadcastOf(address));
        }

        return Add(message);
    }

    /// <summary>Takes an address from a device.</summary>
    /// <inheritdoc cref="AddAddress"/>
    public NetworkChange RemoveAddress(int index, string name, InterfaceAddress address) =>
        Add(Address(RouteNumbers.DeleteAddress, 0, "remove address", index, name, address));

    /// <summary>Adds a route to the main table.</summary>
    /// <param name="destination">Where it leads; a prefix of 0 bits is the default route.</param>
    /// <param name="gateway">By whom; null: it is on the link itself.</param>
    /// <param name="index">Number of the device.</param>
    /// <param name="metric">The lower is taken; 0 for the kernel's choice.</param>
    /// <returns>This.</returns>
    public NetworkChange AddRoute(IPNetwork destination, IPAddress? gateway, int index, int metric = 0) =>
        Add(Route(RouteNumbers.NewRoute, NetlinkMessage.Create | NetlinkMessage.Exclusive, "add route", destination, gateway, index, metric));

    /// <summary>Removes a route of the main table.</summary>
    /// <inheritdoc cref="AddRoute"/>
    public NetworkChange RemoveRoute(IPNetwork destination, IPAddress? gateway, int index, int metric = 0) =>
        Add(Route(RouteNumbers.DeleteRoute, 0, "remove route", destination, gateway, index, metric));

    internal static byte[] LinkHeader(int index, uint flags, uint change)
    {
        var header = new byte[RouteNumbers.LinkHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), change);
        return header;
    }

    private static NetlinkMessage Make(string operation, string target, int index, bool up) =>
        new NetlinkMessage(RouteNumbers.NewLink, NetlinkMessage.Create | NetlinkMessage.Exclusive, operation, target)
            .Add(LinkHeader(index, up ? RouteNumbers.Up : 0, up ? RouteNumbers.Up : 0));

    private static NetlinkMessage Over(string operation, int parent, int mtu, NewInterface device)
    {
        var message = Make(operation, device.Name, device.Index, up: false)
            .Attribute(RouteNumbers.LinkName, device.Name).Attribute(RouteNumbers.LinkBelow, parent);
        device.Namespace.AddTo(message);
        AddMtu(message, mtu);
        return message;
    }

    private static NetlinkMessage Address(ushort type, int flags, string operation, int index, string name, InterfaceAddress address)
    {
        Span<byte> header = stackalloc byte[RouteNumbers.AddressHeaderLength];
        header.Clear();
        header[0] = address.Family;
        header[1] = (byte)address.PrefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        return new NetlinkMessage(type, (ushort)flags, operation, $"{address} of {name}").Add(header)
            .Attribute(RouteNumbers.AddressLocal, address.Address.GetAddressBytes())
            .Attribute(RouteNumbers.AddressWhole, (address.Peer ?? address.Address).GetAddressBytes());
    }

    private static NetlinkMessage Route(
        ushort type, int flags, string operation, IPNetwork destination, IPAddress? gateway, int index, int metric)
    {
        const byte mainTable = 254;
        const byte staticProtocol = 4;
        const byte linkScope = 253;
        const byte unicast = 1;
        Span<byte> header = stackalloc byte[RouteNumbers.RouteHeaderLength];
        header.Clear();
        header[0] = InterfaceAddress.FamilyOf(destination.BaseAddress);
        header[1] = (byte)destination.PrefixLength;
        header[4] = mainTable;
        header[5] = staticProtocol;
        header[6] = gateway is null ? linkScope : (byte)0;
        header[7] = unicast;
        var message = new NetlinkMessage(
            type, (ushort)flags, operation, $"to {(destination.PrefixLength == 0 ? "everywhere" : destination)}{(gateway is null ? "" : $" by {gateway}")}")
            .Add(header).Attribute(RouteNumbers.RouteOutput, index);
        if (destination.PrefixLength > 0)
        {
            message.Attribute(RouteNumbers.RouteDestination, destination.BaseAddress.GetAddressBytes());
        }

        if (gateway is not null)
        {
            message.Attribute(RouteNumbers.RouteGateway, gateway.GetAddressBytes());
        }

        return metric == 0 ? message : message.Attribute(RouteNumbers.RoutePriority, metric);
    }

    private static byte[] BroadcastOf(InterfaceAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        var value = BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint)((1UL << (32 - address.PrefixLength)) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void AddMac(NetlinkMessage message, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Length];
        mac.CopyTo(bytes);
        message.Attribute(RouteNumbers.LinkMac, bytes);
    }

    private static void AddMtu(NetlinkMessage message, int mtu)
    {
        if (mtu != 0)
        {
            message.Attribute(RouteNumbers.LinkMtu, mtu);
        }
    }

    private NetworkChange Add(NetlinkMessage message)
    {
        _steps.Add(message);
        return this;
    }
}
