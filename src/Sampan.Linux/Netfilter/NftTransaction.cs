using System.Buffers.Binary;
using System.Text;
using Sampan.Linux.Netlink;

namespace Sampan.Linux.Netfilter;

/// <summary>Changes to one table that happen all together or not at all (nf_tables' batches). They are gathered, can be read
/// (<see cref="Steps"/>) and are sent at once (<see cref="Nftables.Commit"/>).</summary>
/// <param name="table">The table's name.</param>
/// <param name="family">Which packets it sees.</param>
public sealed class NftTransaction(string table, NftFamily family = NftFamily.Inet)
{
    /// <summary>Longest words of an element or rule that the kernel keeps (NFT_USERDATA_MAXLEN less two bytes and a NUL).</summary>
    private const int LongestComment = 252;
    private const int ElementsInMessage = 250;

    private readonly List<NetlinkMessage> _steps = [];
    private uint _sets;

    /// <summary>The changes so far.</summary>
    public IReadOnlyList<NetlinkMessage> Steps => _steps;

    /// <summary>Makes the table; it may be there.</summary>
    /// <param name="stamp">Bytes that are kept with it: <see cref="Nftables.FindTable"/> gives them back.</param>
    /// <returns>This.</returns>
    public NftTransaction MakeTable(ReadOnlySpan<byte> stamp)
    {
        var message = Begin(NftNumbers.NewTable, NetlinkMessage.Create, "make table", table).Attribute(NftNumbers.TableName, table);
        return Add(stamp.IsEmpty ? message : message.Attribute(NftNumbers.TableUserData, stamp));
    }

    /// <summary>Removes the table with all that is in it.</summary>
    /// <returns>This.</returns>
    public NftTransaction RemoveTable() =>
        Add(Begin(NftNumbers.DeleteTable, 0, "remove table", table).Attribute(NftNumbers.TableName, table));

    /// <summary>Makes a chain that rules jump to.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>This.</returns>
    public NftTransaction MakeChain(string name) =>
        Add(Begin(NftNumbers.NewChain, NetlinkMessage.Create, "make chain", name)
            .Attribute(NftNumbers.ChainTable, table).Attribute(NftNumbers.ChainName, name));

    /// <summary>Makes a chain that packets meet by themselves; what no rule decides goes on.</summary>
    /// <param name="chain">The chain.</param>
    /// <returns>This.</returns>
    public NftTransaction MakeChain(NftBaseChain chain)
    {
        const uint accept = 1;
        return Add(Begin(NftNumbers.NewChain, NetlinkMessage.Create, "make chain", chain.Name)
            .Attribute(NftNumbers.ChainTable, table).Attribute(NftNumbers.ChainName, chain.Name)
            .Begin(NftNumbers.ChainHook)
            .BigEndian(NftNumbers.HookNumber, (uint)chain.Hook).BigEndian(NftNumbers.HookPriority, (uint)chain.Priority)
            .End()
            .BigEndian(NftNumbers.ChainPolicy, accept).Attribute(NftNumbers.ChainType, chain.Type));
    }

    /// <summary>Adds a rule after those of a chain.</summary>
    /// <param name="chain">The chain's name.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>This.</returns>
    public NftTransaction AddRule(string chain, NftRule rule)
    {
        var message = Begin(NftNumbers.NewRule, NetlinkMessage.Create | NftNumbers.Append, "add rule to chain", chain)
            .Attribute(NftNumbers.RuleTable, table).Attribute(NftNumbers.RuleChain, chain);
        rule.AddTo(message);
        return Add(rule.Comment.Length == 0 ? message : message.Attribute(NftNumbers.RuleUserData, UserText(rule.Comment)));
    }

    /// <summary>Removes a rule.</summary>
    /// <param name="chain">Name of its chain.</param>
    /// <param name="handle">The kernel's number for it.</param>
    /// <param name="words">What it is, for errors.</param>
    /// <returns>This.</returns>
    public NftTransaction RemoveRule(string chain, ulong handle, string words)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, handle);
        return Add(Begin(NftNumbers.DeleteRule, 0, "remove", words)
            .Attribute(NftNumbers.RuleTable, table).Attribute(NftNumbers.RuleChain, chain).Attribute(NftNumbers.RuleHandle, number));
    }

    /// <summary>Removes a chain; the kernel refuses while a rule jumps to it (EBUSY).</summary>
    /// <param name="name">Its name.</param>
    /// <returns>This.</returns>
    public NftTransaction RemoveChain(string name) =>
        Add(Begin(NftNumbers.DeleteChain, 0, "remove chain", name)
            .Attribute(NftNumbers.ChainTable, table).Attribute(NftNumbers.ChainName, name));

    /// <summary>Removes all rules of a chain.</summary>
    /// <param name="chain">Its name.</param>
    /// <returns>This.</returns>
    public NftTransaction EmptyChain(string chain) =>
        Add(Begin(NftNumbers.DeleteRule, 0, "empty chain", chain)
            .Attribute(NftNumbers.RuleTable, table).Attribute(NftNumbers.RuleChain, chain));

    /// <summary>Makes a set or map.</summary>
    /// <param name="set">The set.</param>
    /// <returns>This.</returns>
    public NftTransaction MakeSet(NftSet set)
    {
        var parts = set.Intervals && set.Key.Count > 1;
        var flags = (set.Intervals ? NftNumbers.SetIsInterval : 0) | (parts ? NftNumbers.SetHasParts : 0)
            | (set.Value.Count > 0 ? NftNumbers.SetIsMap : 0);
        var message = Begin(NftNumbers.NewSet, NetlinkMessage.Create, set.Value.Count > 0 ? "make map" : "make set", set.Name)
            .Attribute(NftNumbers.SetTable, table).Attribute(NftNumbers.SetName, set.Name)
            .BigEndian(NftNumbers.SetFlags, flags).BigEndian(NftNumbers.SetKeyType, set.KeyType)
            .BigEndian(NftNumbers.SetKeyLength, (uint)set.KeyLength).BigEndian(NftNumbers.SetId, ++_sets);
        if (set.Value.Count > 0)
        {
            message.BigEndian(NftNumbers.SetDataType, set.ValueType).BigEndian(NftNumbers.SetDataLength, (uint)set.ValueLength);
        }

        if (parts)
        {
            AddParts(message, set);
        }

        // What nft(8) keeps as user data: type 0 is the byte order of keys. A name of a device is in the machine's (1), all else in the network's (2).
        return Add(message.Attribute(NftNumbers.SetUserData, [0, 4, set.Key is [NftType.InterfaceName] ? (byte)1 : (byte)2, 0, 0, 0]));
    }

    /// <summary>Removes all elements of a set.</summary>
    /// <param name="set">The set.</param>
    /// <returns>This.</returns>
    public NftTransaction EmptySet(NftSet set) =>
        Add(Begin(NftNumbers.DeleteElement, 0, "empty", set.Name)
            .Attribute(NftNumbers.ElementsTable, table).Attribute(NftNumbers.ElementsSet, set.Name));

    /// <summary>Adds elements to a set; equal ones may be there.</summary>
    /// <param name="set">The set.</param>
    /// <param name="elements">The elements.</param>
    /// <returns>This. The kernel refuses a key that is there with another value (EEXIST).</returns>
    public NftTransaction AddElements(NftSet set, IEnumerable<NftElement> elements) =>
        Elements(NftNumbers.NewElement, NetlinkMessage.Create, "add elements to", set, elements);

    /// <summary>Removes elements of a set; the kernel refuses where one is not there (ENOENT).</summary>
    /// <inheritdoc cref="AddElements"/>
    public NftTransaction RemoveElements(NftSet set, IEnumerable<NftElement> elements) =>
        Elements(NftNumbers.DeleteElement, 0, "remove elements of", set, elements);

    /// <summary>A request of nf_tables.</summary>
    internal static NetlinkMessage Begin(ushort type, int flags, string operation, string target, NftFamily family) =>
        new NetlinkMessage(type, (ushort)flags, operation, target).Add([(byte)family, 0, 0, 0]);

    private NetlinkMessage Begin(ushort type, int flags, string operation, string target) => Begin(type, flags, operation, target, family);

    // What nft(8) keeps as user data: type 0 is the comment, its length, the text with its NUL.
    private static byte[] UserText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, LongestComment);
        var result = new byte[length + 3];
        result[1] = (byte)(length + 1);
        bytes.AsSpan(0, length).CopyTo(result.AsSpan(2));
        return result;
    }

    // The length of an attribute has sixteen bits: many elements go in several messages.
    private NftTransaction Elements(ushort type, int flags, string operation, NftSet set, IEnumerable<NftElement> elements)
    {
        foreach (var part in elements.Chunk(ElementsInMessage))
        {
            var message = Begin(type, flags, operation, set.Name)
                .Attribute(NftNumbers.ElementsTable, table).Attribute(NftNumbers.ElementsSet, set.Name).Begin(NftNumbers.ElementsList);
            foreach (var element in part)
            {
                AddElement(message, element);
            }

            Add(message.End());
        }

        return this;
    }

    // Ranges of several parts are kept by part: the kernel has to know their lengths.
    private static void AddParts(NetlinkMessage message, NftSet set)
    {
        message.Begin(NftNumbers.SetDescription).Begin(NftNumbers.DescriptionParts);
        foreach (var part in set.Key)
        {
            message.Begin(NftNumbers.ListElement).BigEndian(NftNumbers.PartLength, (uint)NftSet.LengthOf(part)).End();
        }

        message.End().End();
    }

    private static void AddElement(NetlinkMessage message, NftElement element)
    {
        message.Begin(NftNumbers.ListElement);
        message.Begin(NftNumbers.ElementKey).Attribute(NftNumbers.DataValue, element.Key).End();
        if (element.Last is not null)
        {
            message.Begin(NftNumbers.ElementKeyEnd).Attribute(NftNumbers.DataValue, element.Last).End();
        }

        if (element.Value.Length > 0)
        {
            message.Begin(NftNumbers.ElementData).Attribute(NftNumbers.DataValue, element.Value).End();
        }

        if (element.EndsRange)
        {
            message.BigEndian(NftNumbers.ElementFlags, NftNumbers.IntervalEnd);
        }

        if (element.Comment.Length > 0)
        {
            message.Attribute(NftNumbers.ElementUserData, UserText(element.Comment));
        }

        message.End();
    }

    private NftTransaction Add(NetlinkMessage message)
    {
        _steps.Add(message);
        return this;
    }
}
