using System.Buffers.Binary;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;

namespace Sampan.Linux.Netfilter;

/// <summary>The packet filter of one network namespace (nf_tables).</summary>
public sealed partial class Nftables : IDisposable
{
    private readonly NetlinkSocket _socket;

    private Nftables(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens the filter of a namespace.</summary>
    /// <param name="networkNamespace">The namespace; null is the caller's own.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="LinuxException">setns(2) or socket(2) failed.</exception>
    public static Nftables Open(FileDescriptor? networkNamespace = null) => new(NetlinkSocket.OpenNetfilter(networkNamespace));

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Makes changes, all or none.</summary>
    /// <param name="transaction">The changes.</param>
    /// <exception cref="LinuxException">The first that the kernel refused; none was made.</exception>
    public void Commit(NftTransaction transaction)
    {
        if (transaction.Steps.Count > 0)
        {
            _socket.Send([Boundary(NftNumbers.BatchBegin), .. transaction.Steps, Boundary(NftNumbers.BatchEnd)]);
        }
    }

    /// <summary>Looks for a table of family inet.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The bytes that <see cref="NftTransaction.MakeTable"/> left with it; null when there is no such table.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public byte[]? FindTable(string name)
    {
        byte[]? stamp = null;
        try
        {
            _socket.Ask(
                NftTransaction.Begin(NftNumbers.GetTable, 0, "find table", name, NftFamily.Inet).Attribute(NftNumbers.TableName, name),
                (type, payload) =>
                {
                    if (type == NftNumbers.NewTable)
                    {
                        stamp = Find(payload[NftNumbers.HeaderLength..], NftNumbers.TableUserData).ToArray();
                    }
                });
        }
        catch (LinuxException error) when (error.Errno == Errno.ENOENT)
        {
            return null;
        }

        return stamp;
    }

    /// <summary>Elements of a set or map.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="set">Its name.</param>
    /// <returns>The elements.</returns>
    /// <exception cref="LinuxException">ENOENT: there is no such table or set.</exception>
    public IReadOnlyList<NftElement> Elements(string table, string set)
    {
        var elements = new List<NftElement>();
        foreach (var (type, payload) in _socket.List(
            NftTransaction.Begin(NftNumbers.GetElement, NetlinkMessage.Dump, "list elements of", set, NftFamily.Inet)
                .Attribute(NftNumbers.ElementsTable, table).Attribute(NftNumbers.ElementsSet, set)))
        {
            if (type != NftNumbers.NewElement)
            {
                continue;
            }

            var list = new NetlinkAttributes(Find(payload.AsSpan(NftNumbers.HeaderLength), NftNumbers.ElementsList));
            while (list.Next())
            {
                elements.Add(ReadElement(list.Value));
            }
        }

        return elements;
    }

    /// <summary>All base chains of all tables: those of others too, which may drop what passes ours.</summary>
    /// <returns>The chains.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<ForeignChain> BaseChains()
    {
        var chains = new List<ForeignChain>();
        foreach (var (type, payload) in _socket.List(
            NftTransaction.Begin(NftNumbers.GetChain, NetlinkMessage.Dump, "list chains", "", family: default)))
        {
            if (type == NftNumbers.NewChain && ReadBaseChain(payload) is { } chain)
            {
                chains.Add(chain);
            }
        }

        return chains;
    }

    /// <summary>Rules that jump to a chain.</summary>
    /// <param name="family">Which packets its table sees.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="chain">The chain's name.</param>
    /// <returns>Names of chains, and numbers of their rules, in the order of the rules.</returns>
    /// <exception cref="LinuxException">ENOENT: there is no such table.</exception>
    public IReadOnlyList<(string Chain, ulong Handle)> Jumps(NftFamily family, string table, string chain)
    {
        var jumps = new List<(string, ulong)>();
        foreach (var (type, payload) in _socket.List(
            NftTransaction.Begin(NftNumbers.GetRule, NetlinkMessage.Dump, "list rules of table", table, family).Attribute(NftNumbers.RuleTable, table)))
        {
            var rule = payload.AsSpan(NftNumbers.HeaderLength);
            if (type == NftNumbers.NewRule && Text(Find(rule, NftNumbers.RuleTable)) == table && HasJump(Find(rule, NftNumbers.RuleExpressions), chain))
            {
                jumps.Add((Text(Find(rule, NftNumbers.RuleChain)), BinaryPrimitives.ReadUInt64BigEndian(Find(rule, NftNumbers.RuleHandle))));
            }
        }

        return jumps;
    }

    private static bool HasJump(ReadOnlySpan<byte> expressions, string chain)
    {
        var list = new NetlinkAttributes(expressions);
        while (list.Next())
        {
            var verdict = Find(Find(Find(list.Value, NftNumbers.ExpressionData), NftNumbers.ImmediateData), NftNumbers.DataVerdict);
            if (Text(Find(verdict, NftNumbers.VerdictChain)) == chain)
            {
                return true;
            }
        }

        return false;
    }

    // struct nfgenmsg of a boundary names the subsystem, in network order.
    private static NetlinkMessage Boundary(ushort type) =>
        new NetlinkMessage(type, 0, "change", "the packet filter").Add([0, 0, 0, NftNumbers.Subsystem >> 8]);

    private static NftElement ReadElement(ReadOnlySpan<byte> element)
    {
        var key = Find(Find(element, NftNumbers.ElementKey), NftNumbers.DataValue).ToArray();
        var value = Find(Find(element, NftNumbers.ElementData), NftNumbers.DataValue).ToArray();
        var last = Find(Find(element, NftNumbers.ElementKeyEnd), NftNumbers.DataValue);
        var flags = Find(element, NftNumbers.ElementFlags);
        return new(key, value, ReadText(Find(element, NftNumbers.ElementUserData)))
        {
            Last = last.IsEmpty ? null : last.ToArray(),
            EndsRange = flags.Length == sizeof(uint) && (BinaryPrimitives.ReadUInt32BigEndian(flags) & NftNumbers.IntervalEnd) != 0,
        };
    }

    private static string ReadText(ReadOnlySpan<byte> userData) =>
        userData.Length > 2 && userData[0] == 0 && userData[1] <= userData.Length - 2
            ? Encoding.UTF8.GetString(userData.Slice(2, userData[1])).TrimEnd('\0')
            : "";

    private static ForeignChain? ReadBaseChain(ReadOnlySpan<byte> payload)
    {
        const uint drop = 0;
        var attributes = payload[NftNumbers.HeaderLength..];
        var hook = Find(attributes, NftNumbers.ChainHook);
        if (hook.IsEmpty)
        {
            return null;
        }

        var policy = Find(attributes, NftNumbers.ChainPolicy);
        return new(
            payload[0],
            Text(Find(attributes, NftNumbers.ChainTable)),
            new(
                Text(Find(attributes, NftNumbers.ChainName)),
                Text(Find(attributes, NftNumbers.ChainType)),
                (NftHook)BinaryPrimitives.ReadUInt32BigEndian(Find(hook, NftNumbers.HookNumber)),
                BinaryPrimitives.ReadInt32BigEndian(Find(hook, NftNumbers.HookPriority))),
            policy.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(policy) == drop);
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        var reader = new NetlinkAttributes(attributes);
        while (reader.Next())
        {
            if (reader.Type == type)
            {
                return reader.Value;
            }
        }

        return default;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).TrimEnd('\0');
}
