using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sampan.Linux.Netlink;

namespace Sampan.Linux.Netfilter;

/// <summary>A rule: expressions that run in order, each loads a register, compares one, or acts (linux/netfilter/nf_tables.h). Registers are
/// those of four bytes, numbered from 0; an address of IPv6 takes four of them.</summary>
public sealed class NftRule
{
    private const int FirstRegister = 8;
    private const int Protocol4 = 2;
    private const int Protocol6 = 10;

    private readonly List<Action<NetlinkMessage>> _expressions = [];

    /// <summary>Words about it: nft(8) prints them.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Only packets of this family.</summary>
    /// <param name="family">Of addresses.</param>
    /// <returns>This.</returns>
    public NftRule Family(AddressFamily family) =>
        Meta(MetaKey.NetworkProtocol, 0).Equal(0, [family == AddressFamily.InterNetworkV6 ? (byte)Protocol6 : (byte)Protocol4]);

    /// <summary>Loads what the kernel knows of a packet.</summary>
    /// <param name="key">What.</param>
    /// <param name="register">Where to.</param>
    /// <returns>This.</returns>
    public NftRule Meta(MetaKey key, int register) =>
        Add("meta", message => message.BigEndian(1, Register(register)).BigEndian(2, (uint)key));

    /// <summary>Loads bytes of the packet's network header.</summary>
    /// <param name="offset">From its start.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="register">Where to.</param>
    /// <returns>This.</returns>
    public NftRule NetworkHeader(int offset, int length, int register) => Payload(1, offset, length, register);

    /// <summary>Loads bytes of the packet's transport header.</summary>
    /// <inheritdoc cref="NetworkHeader"/>
    public NftRule TransportHeader(int offset, int length, int register) => Payload(2, offset, length, register);

    /// <summary>Loads the address the packet comes from.</summary>
    /// <param name="family">Of addresses.</param>
    /// <param name="register">Where to.</param>
    /// <returns>This.</returns>
    public NftRule Source(AddressFamily family, int register) =>
        family == AddressFamily.InterNetworkV6 ? NetworkHeader(8, 16, register) : NetworkHeader(12, 4, register);

    /// <summary>Loads the address the packet goes to.</summary>
    /// <inheritdoc cref="Source"/>
    public NftRule Destination(AddressFamily family, int register) =>
        family == AddressFamily.InterNetworkV6 ? NetworkHeader(24, 16, register) : NetworkHeader(16, 4, register);

    /// <summary>Only packets from this prefix.</summary>
    /// <param name="network">The prefix.</param>
    /// <returns>This.</returns>
    public NftRule From(IPNetwork network) => Prefix(network, source: true, equal: true);

    /// <summary>Only packets to this prefix.</summary>
    /// <inheritdoc cref="From"/>
    public NftRule To(IPNetwork network) => Prefix(network, source: false, equal: true);

    /// <summary>Only packets that do not come from this prefix.</summary>
    /// <inheritdoc cref="From"/>
    public NftRule NotFrom(IPNetwork network) => Prefix(network, source: true, equal: false);

    /// <summary>Only packets whose destination is no address of this host (fib daddr type != local).</summary>
    /// <returns>This.</returns>
    public NftRule NotToThisHost()
    {
        const uint addressType = 3;
        const uint destination = 2;
        const byte local = 2;
        Add("fib", message => message.BigEndian(1, Register(0)).BigEndian(2, addressType).BigEndian(3, destination));
        return NotEqual(0, [local, 0, 0, 0]);
    }

    /// <summary>Only packets of connections in one of these states.</summary>
    /// <param name="states">Which.</param>
    /// <returns>This.</returns>
    public NftRule State(ConnectionStates states) => Connection(0, (uint)states);

    /// <summary>Only packets of connections whose destination was translated.</summary>
    /// <returns>This.</returns>
    public NftRule Translated() => Connection(2, 0x20);

    /// <summary>Only packets whose register is this.</summary>
    /// <param name="register">Which.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>This.</returns>
    public NftRule Equal(int register, byte[] value) => Compare(0, register, value);

    /// <summary>Only packets whose register is not this.</summary>
    /// <inheritdoc cref="Equal"/>
    public NftRule NotEqual(int register, byte[] value) => Compare(1, register, value);

    /// <summary>Only packets whose registers are in a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="register">The first.</param>
    /// <returns>This.</returns>
    public NftRule In(NftSet set, int register) => Add("lookup", message => message.Attribute(1, set.Name).BigEndian(2, Register(register)));

    /// <summary>Only packets whose registers are not in a set.</summary>
    /// <inheritdoc cref="In"/>
    public NftRule NotIn(NftSet set, int register) =>
        Add("lookup", message => message.Attribute(1, set.Name).BigEndian(2, Register(register)).BigEndian(5, 1));

    /// <summary>Only packets whose registers are a key of a map; loads the value.</summary>
    /// <param name="map">The map.</param>
    /// <param name="register">The first of the key, and of the value after.</param>
    /// <returns>This.</returns>
    public NftRule Find(NftSet map, int register) =>
        Add("lookup", message => message.Attribute(1, map.Name).BigEndian(2, Register(register)).BigEndian(3, Register(register)));

    /// <summary>Sends the connection elsewhere (destination NAT).</summary>
    /// <param name="family">Of the address.</param>
    /// <param name="addressRegister">Has the address.</param>
    /// <param name="portRegister">Has the port.</param>
    /// <returns>This.</returns>
    public NftRule Translate(AddressFamily family, int addressRegister, int portRegister)
    {
        const uint destination = 1;
        return Add(
            "nat",
            message => message.BigEndian(1, destination).BigEndian(2, family == AddressFamily.InterNetworkV6 ? (uint)Protocol6 : Protocol4)
                .BigEndian(3, Register(addressRegister)).BigEndian(5, Register(portRegister)));
    }

    /// <summary>Gives the connection the address of the device it leaves by (source NAT).</summary>
    /// <returns>This.</returns>
    public NftRule Masquerade() => Add("masq", _ => { });

    /// <summary>Counts packets and bytes.</summary>
    /// <returns>This.</returns>
    public NftRule Count() => Add("counter", _ => { });

    /// <summary>Ends with the packet let through this chain.</summary>
    /// <returns>This.</returns>
    public NftRule Accept() => Verdict(1, "");

    /// <summary>Ends with the packet gone.</summary>
    /// <returns>This.</returns>
    public NftRule Drop() => Verdict(0, "");

    /// <summary>Goes on in another chain, and comes back.</summary>
    /// <param name="chain">Its name.</param>
    /// <returns>This.</returns>
    public NftRule Jump(string chain) => Verdict(-3, chain);

    /// <summary>Goes back to where the chain was jumped to from.</summary>
    /// <returns>This.</returns>
    public NftRule Return() => Verdict(-5, "");

    internal void AddTo(NetlinkMessage message)
    {
        message.Begin(NftNumbers.RuleExpressions);
        foreach (var expression in _expressions)
        {
            expression(message);
        }

        message.End();
    }

    private static uint Register(int register) => (uint)(FirstRegister + register);

    private NftRule Prefix(IPNetwork network, bool source, bool equal)
    {
        var family = network.BaseAddress.AddressFamily;
        Family(family);
        _ = source ? Source(family, 0) : Destination(family, 0);
        var address = network.BaseAddress.GetAddressBytes();
        if (network.PrefixLength < address.Length * 8)
        {
            var mask = new byte[address.Length];
            for (var bit = 0; bit < network.PrefixLength; bit++)
            {
                mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
            }

            Mask(mask);
        }

        return equal ? Equal(0, address) : NotEqual(0, address);
    }

    // NF_CT: 4 bytes in the machine's order.
    private NftRule Connection(uint key, uint bits)
    {
        Add("ct", message => message.BigEndian(1, Register(0)).BigEndian(2, key));
        var mask = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(mask, bits);
        Mask(mask);
        return NotEqual(0, new byte[sizeof(uint)]);
    }

    private void Mask(byte[] mask) => Add(
        "bitwise",
        message =>
        {
            message.BigEndian(1, Register(0)).BigEndian(2, Register(0)).BigEndian(3, (uint)mask.Length);
            Data(message, 4, mask);
            Data(message, 5, new byte[mask.Length]);
        });

    private NftRule Payload(uint header, int offset, int length, int register) => Add(
        "payload",
        message => message.BigEndian(1, Register(register)).BigEndian(2, header).BigEndian(3, (uint)offset).BigEndian(4, (uint)length));

    private NftRule Compare(uint operation, int register, byte[] value) => Add(
        "cmp",
        message =>
        {
            message.BigEndian(1, Register(register)).BigEndian(2, operation);
            Data(message, 3, value);
        });

    private NftRule Verdict(int code, string chain) => Add(
        "immediate",
        message =>
        {
            message.BigEndian(1, 0).Begin(2).Begin(NftNumbers.DataVerdict).BigEndian(NftNumbers.VerdictCode, (uint)code);
            if (chain.Length > 0)
            {
                message.Attribute(NftNumbers.VerdictChain, chain);
            }

            message.End().End();
        });

    private NftRule Add(string name, Action<NetlinkMessage> data)
    {
        _expressions.Add(message =>
        {
            message.Begin(NftNumbers.ListElement).Attribute(NftNumbers.ExpressionName, name).Begin(NftNumbers.ExpressionData);
            data(message);
            message.End().End();
        });
        return this;
    }

    private static void Data(NetlinkMessage message, ushort type, byte[] value) =>
        message.Begin(type).Attribute(NftNumbers.DataValue, value).End();
}
