using System.Buffers.Binary;
using Sampan.Linux.Files;

namespace Sampan.Linux.Netlink;

/// <summary>A network device of the caller's namespace (rtnetlink(7)).</summary>
/// <param name="name">Its name.</param>
public sealed class NetworkDevice(string name)
{
    private const ushort NewLink = 16;
    private const ushort GetLink = 18;
    private const ushort NewAddress = 20;
    private const ushort GetAddress = 22;
    private const ushort Acknowledge = 4;
    private const ushort Dump = 0x300;
    private const ushort Create = 0x400;
    private const ushort LinkName = 3;
    private const ushort LinkNamespace = 28;
    private const ushort AddressFlags = 8;
    private const int LinkHeaderLength = 16;
    private const int AddressHeaderLength = 8;
    private const uint Up = 1;
    private const uint Permanent = 0x80;
    private const byte GlobalScope = 0;
    private const string Moving = "move network device";

    /// <summary>The longest name, IFNAMSIZ less its NUL.</summary>
    public const int LongestName = 15;

    /// <summary>
    /// Moves it into another namespace, renames it on the way, gives it back the addresses it had (those that are permanent and of global
    /// scope; the kernel drops all on the move) and sets it up.
    /// </summary>
    /// <param name="networkNamespace">Where to.</param>
    /// <param name="newName">Its name there.</param>
    /// <exception cref="LinuxException">ENODEV: there is no such device; EEXIST: the name is taken there; EINVAL: a device that cannot move.</exception>
    public void MoveTo(FileDescriptor networkNamespace, string newName)
    {
        using var here = RouteSocket.Open();
        using var there = RouteSocket.OpenIn(networkNamespace);

        // The kernel moves before it renames: a name that is taken would be found out too late.
        if (newName != name && Exists(there, newName))
        {
            throw new LinuxException(Errno.EEXIST, Moving, $"{name} to the container as {newName}");
        }

        var index = IndexOf(here, name);
        var addresses = AddressesOf(here, index);
        here.Ask(
            new NetlinkMessage(NewLink, Acknowledge).Add(LinkHeader(index, 0, Up)).Attribute(LinkNamespace, networkNamespace.Number).Attribute(LinkName, newName),
            Moving, $"{name} to the container as {newName}");
        index = IndexOf(there, newName);
        foreach (var address in addresses)
        {
            AddAddress(there, index, address, newName);
        }

        SetUp(there, index, newName);
    }

    /// <summary>Sets up the device of this name in another namespace.</summary>
    /// <param name="networkNamespace">Where it is.</param>
    /// <exception cref="LinuxException">ENODEV: there is no such device.</exception>
    public void SetUpIn(FileDescriptor networkNamespace)
    {
        using var there = RouteSocket.OpenIn(networkNamespace);
        SetUp(there, IndexOf(there, name), name);
    }

    private static void SetUp(RouteSocket socket, int index, string name) =>
        socket.Ask(new NetlinkMessage(NewLink, Acknowledge).Add(LinkHeader(index, Up, Up)), "set up network device", name);

    private static bool Exists(RouteSocket socket, string name)
    {
        try
        {
            return IndexOf(socket, name) != 0;
        }
        catch (LinuxException error) when (error.Errno == Errno.ENODEV)
        {
            return false;
        }
    }

    private static int IndexOf(RouteSocket socket, string name)
    {
        var index = 0;
        socket.Ask(
            new NetlinkMessage(GetLink, Acknowledge).Add(LinkHeader(0, 0, 0)).Attribute(LinkName, name), "find network device", name,
            (type, payload) => index = type == NewLink ? BinaryPrimitives.ReadInt32LittleEndian(payload[4..]) : index);
        return index;
    }

    private static List<byte[]> AddressesOf(RouteSocket socket, int index)
    {
        var addresses = new List<byte[]>();
        socket.Ask(
            new NetlinkMessage(GetAddress, Dump).Add(new byte[AddressHeaderLength]), "list addresses", "",
            (type, payload) =>
            {
                if (type == NewAddress && BinaryPrimitives.ReadInt32LittleEndian(payload[4..]) == index && payload[3] == GlobalScope && IsPermanent(payload))
                {
                    addresses.Add(payload.ToArray());
                }
            });
        return addresses;
    }

    // struct ifaddrmsg has eight bits for flags; the attribute has them all.
    private static bool IsPermanent(ReadOnlySpan<byte> payload)
    {
        uint flags = payload[2];
        var attributes = new NetlinkAttributes(payload[AddressHeaderLength..]);
        while (attributes.Next())
        {
            if (attributes.Type == AddressFlags)
            {
                flags = BinaryPrimitives.ReadUInt32LittleEndian(attributes.Value);
            }
        }

        return (flags & Permanent) != 0;
    }

    private static void AddAddress(RouteSocket socket, int index, byte[] address, string name)
    {
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        var header = address[..AddressHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        var message = new NetlinkMessage(NewAddress, Acknowledge | Create).Add(header);
        var attributes = new NetlinkAttributes(address.AsSpan(AddressHeaderLength));
        while (attributes.Next())
        {
            // IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST: the label names the old device, the rest is the kernel's own.
            if (attributes.Type is 1 or 2 or 4)
            {
                message.Attribute(attributes.Type, attributes.Value);
            }
        }

        socket.Ask(message, "give back an address of network device", name);
    }

    /// <summary>struct ifinfomsg: family, type, index, flags, change.</summary>
    private static byte[] LinkHeader(int index, uint flags, uint change)
    {
        var header = new byte[LinkHeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), change);
        return header;
    }
}
