using System.Buffers.Binary;
using System.Net;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Netlink;

/// <summary>The network stack of one namespace: its devices, addresses and routes (rtnetlink(7)).</summary>
public sealed class NetworkStack : IDisposable
{
    private readonly NetlinkSocket _socket;

    private NetworkStack(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens the stack of a namespace.</summary>
    /// <param name="networkNamespace">The namespace; null is the caller's own.</param>
    /// <returns>The stack.</returns>
    /// <exception cref="LinuxException">setns(2) or socket(2) failed.</exception>
    public static NetworkStack Open(FileDescriptor? networkNamespace = null) => new(NetlinkSocket.OpenRoute(networkNamespace));

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Makes changes, all in one system call. What was done before the first that fails stays done.</summary>
    /// <param name="change">The changes.</param>
    /// <exception cref="LinuxException">The first that the kernel refused.</exception>
    public void Apply(NetworkChange change) => _socket.Send(change.Steps);

    /// <summary>Looks for a device.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The device; null when there is none.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkLink? FindLink(string name)
    {
        NetworkLink? found = null;
        try
        {
            _socket.Ask(
                new NetlinkMessage(RouteNumbers.GetLink, 0, "find network device", name)
                    .Add(NetworkChange.LinkHeader(0, 0, 0)).Attribute(RouteNumbers.LinkName, name),
                (type, payload) => found = type == RouteNumbers.NewLink ? ReadLink(payload) : found);
        }
        catch (LinuxException error) when (error.Errno == Errno.ENODEV)
        {
            return null;
        }

        return found;
    }

    /// <summary>Looks for a device that has to be there.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The device.</returns>
    /// <exception cref="LinuxException">ENODEV: there is none.</exception>
    public NetworkLink Link(string name) => FindLink(name) ?? throw new LinuxException(Errno.ENODEV, "find network device", name);

    /// <summary>All devices.</summary>
    /// <returns>The devices, by number as the kernel lists them.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<NetworkLink> Links()
    {
        var links = new List<NetworkLink>();
        foreach (var (type, payload) in _socket.List(
            new NetlinkMessage(RouteNumbers.GetLink, NetlinkMessage.Dump, "list network devices", "").Add(NetworkChange.LinkHeader(0, 0, 0))))
        {
            if (type == RouteNumbers.NewLink)
            {
                links.Add(ReadLink(payload));
            }
        }

        return links;
    }

    /// <summary>Addresses that somebody gave a device and that hold beyond it: those that are permanent and of global scope.</summary>
    /// <param name="index">The device's number; 0 for all devices.</param>
    /// <returns>The addresses.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<InterfaceAddress> Addresses(int index)
    {
        var addresses = new List<InterfaceAddress>();
        foreach (var (type, payload) in _socket.List(
            new NetlinkMessage(RouteNumbers.GetAddress, NetlinkMessage.Dump, "list addresses", "").Add(new byte[RouteNumbers.AddressHeaderLength])))
        {
            // Scope 0 is the universe.
            if (type == RouteNumbers.NewAddress && (index == 0 || BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(4)) == index)
                && payload[3] == 0 && ReadAddress(payload) is { } address)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    /// <summary>All routes of all tables that lead somewhere: a prefix that one of them has is in use.</summary>
    /// <returns>The routes, of both families; local and broadcast entries are left out.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<NetworkRoute> Routes()
    {
        var routes = new List<NetworkRoute>();
        foreach (var (type, payload) in _socket.List(
            new NetlinkMessage(RouteNumbers.GetRoute, NetlinkMessage.Dump, "list routes", "").Add(new byte[RouteNumbers.RouteHeaderLength])))
        {
            if (type == RouteNumbers.NewRoute && ReadRoute(payload) is { } route)
            {
                routes.Add(route);
            }
        }

        return routes;
    }

    /// <summary>Prefixes that policy rules choose by (ip-rule(8)): a tunnel that is routed by rules has its networks there.</summary>
    /// <returns>Sources and destinations of all rules.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<IPNetwork> RulePrefixes()
    {
        var prefixes = new List<IPNetwork>();

        // struct fib_rule_hdr: family, lengths of destination and source.
        foreach (var (_, payload) in _socket.List(
            new NetlinkMessage(RouteNumbers.GetRule, NetlinkMessage.Dump, "list routing rules", "").Add(new byte[RouteNumbers.RouteHeaderLength])))
        {
            var attributes = new NetlinkAttributes(payload.AsSpan(RouteNumbers.RouteHeaderLength));
            while (attributes.Next())
            {
                if (attributes.Type is RouteNumbers.RuleDestination or RouteNumbers.RuleSource)
                {
                    prefixes.Add(Prefix(attributes.Value, payload[attributes.Type == RouteNumbers.RuleDestination ? 1 : 2]));
                }
            }
        }

        return prefixes;
    }

    private static NetworkLink ReadLink(ReadOnlySpan<byte> payload)
    {
        var index = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
        var up = (BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]) & RouteNumbers.Up) != 0;
        var (name, kind, mtu, mac, master, below) = ("", "", 0, default(MacAddress), 0, 0);
        var attributes = new NetlinkAttributes(payload[RouteNumbers.LinkHeaderLength..]);
        while (attributes.Next())
        {
            var value = attributes.Value;
            switch (attributes.Type)
            {
                case RouteNumbers.LinkName:
                    name = Text(value);
                    break;
                case RouteNumbers.LinkMtu:
                    mtu = BinaryPrimitives.ReadInt32LittleEndian(value);
                    break;
                case RouteNumbers.LinkMac when value.Length == MacAddress.Length:
                    mac = MacAddress.FromBytes(value);
                    break;
                case RouteNumbers.LinkMaster:
                    master = BinaryPrimitives.ReadInt32LittleEndian(value);
                    break;
                case RouteNumbers.LinkBelow:
                    below = BinaryPrimitives.ReadInt32LittleEndian(value);
                    break;
                case RouteNumbers.LinkInfo:
                    kind = ReadKind(value);
                    break;
            }
        }

        return new(index, name, kind, up, mtu, mac, master, below);
    }

    private static string ReadKind(ReadOnlySpan<byte> information)
    {
        var attributes = new NetlinkAttributes(information);
        while (attributes.Next())
        {
            if (attributes.Type == RouteNumbers.InfoKind)
            {
                return Text(attributes.Value);
            }
        }

        return "";
    }

    private static InterfaceAddress? ReadAddress(byte[] payload)
    {
        // struct ifaddrmsg has eight bits for flags; the attribute has them all. IFA_LOCAL is the device's own where there is a peer.
        uint flags = payload[2];
        IPAddress? local = null;
        IPAddress? whole = null;
        var attributes = new NetlinkAttributes(payload.AsSpan(RouteNumbers.AddressHeaderLength));
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RouteNumbers.AddressFlags:
                    flags = BinaryPrimitives.ReadUInt32LittleEndian(attributes.Value);
                    break;
                case RouteNumbers.AddressLocal:
                    local = new IPAddress(attributes.Value);
                    break;
                case RouteNumbers.AddressWhole:
                    whole = new IPAddress(attributes.Value);
                    break;
            }
        }

        if ((local ?? whole) is not { } address || (flags & RouteNumbers.Permanent) == 0)
        {
            return null;
        }

        return new(address, payload[1]) { Peer = address.Equals(whole) ? null : whole };
    }

    private static NetworkRoute? ReadRoute(byte[] payload)
    {
        // struct rtmsg: family, length of the destination, ..., table at 4, type at 7. Types beyond unicast: local, broadcast, anycast, multicast.
        const byte unicast = 1;
        const byte multicast = 5;
        if (payload[0] is not (2 or 10) || payload[7] is > unicast and <= multicast)
        {
            return null;
        }

        IPAddress? gateway = null;
        uint table = payload[4];
        var output = 0;
        ReadOnlySpan<byte> destination = new byte[payload[0] == 2 ? 4 : 16];
        var attributes = new NetlinkAttributes(payload.AsSpan(RouteNumbers.RouteHeaderLength));
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RouteNumbers.RouteDestination:
                    destination = attributes.Value;
                    break;
                case RouteNumbers.RouteGateway:
                    gateway = new IPAddress(attributes.Value);
                    break;
                case RouteNumbers.RouteOutput:
                    output = BinaryPrimitives.ReadInt32LittleEndian(attributes.Value);
                    break;
                case RouteNumbers.RouteTable:
                    table = BinaryPrimitives.ReadUInt32LittleEndian(attributes.Value);
                    break;
            }
        }

        return new(Prefix(destination, payload[1]), gateway, output, table);
    }

    // The kernel keeps what is beyond a prefix's bits at zero for routes, not for rules.
    private static IPNetwork Prefix(ReadOnlySpan<byte> address, int length)
    {
        var bytes = address.ToArray();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(bytes), length);
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).TrimEnd('\0');
}
