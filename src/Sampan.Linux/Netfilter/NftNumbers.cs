namespace Sampan.Linux.Netfilter;

/// <summary>Numbers of nf_tables: linux/netfilter/nfnetlink.h and nf_tables.h.</summary>
internal static class NftNumbers
{
    /// <summary>NFNL_SUBSYS_NFTABLES, in the upper byte of a message's type.</summary>
    public const ushort Subsystem = 10 << 8;

    public const ushort BatchBegin = 16;
    public const ushort BatchEnd = 17;
    public const ushort NewTable = Subsystem | 0;
    public const ushort GetTable = Subsystem | 1;
    public const ushort DeleteTable = Subsystem | 2;
    public const ushort NewChain = Subsystem | 3;
    public const ushort GetChain = Subsystem | 4;
    public const ushort DeleteChain = Subsystem | 5;
    public const ushort NewRule = Subsystem | 6;
    public const ushort GetRule = Subsystem | 7;
    public const ushort DeleteRule = Subsystem | 8;
    public const ushort NewSet = Subsystem | 9;
    public const ushort NewElement = Subsystem | 12;
    public const ushort GetElement = Subsystem | 13;
    public const ushort DeleteElement = Subsystem | 14;

    /// <summary>sizeof(struct nfgenmsg): family, version, resource in network order.</summary>
    public const int HeaderLength = 4;

    /// <summary>NLM_F_APPEND: after the rules there are.</summary>
    public const ushort Append = 0x800;

    public const ushort TableName = 1;
    public const ushort TableUserData = 6;

    public const ushort ChainTable = 1;
    public const ushort ChainName = 3;
    public const ushort ChainHook = 4;
    public const ushort ChainPolicy = 5;
    public const ushort ChainType = 7;
    public const ushort HookNumber = 1;
    public const ushort HookPriority = 2;

    public const ushort RuleTable = 1;
    public const ushort RuleChain = 2;
    public const ushort RuleHandle = 3;
    public const ushort RuleExpressions = 4;
    public const ushort RuleUserData = 7;

    public const ushort SetTable = 1;
    public const ushort SetName = 2;
    public const ushort SetFlags = 3;
    public const ushort SetKeyType = 4;
    public const ushort SetKeyLength = 5;
    public const ushort SetDataType = 6;
    public const ushort SetDataLength = 7;
    public const ushort SetDescription = 9;
    public const ushort SetId = 10;
    public const ushort SetUserData = 13;
    public const uint SetIsInterval = 4;
    public const uint SetIsMap = 8;
    public const uint SetHasParts = 0x80;
    public const ushort DescriptionParts = 2;
    public const ushort PartLength = 1;

    public const ushort ElementsTable = 1;
    public const ushort ElementsSet = 2;
    public const ushort ElementsList = 3;
    public const ushort ElementKey = 1;
    public const ushort ElementData = 2;
    public const ushort ElementFlags = 3;
    public const ushort ElementUserData = 6;
    public const ushort ElementKeyEnd = 10;
    public const uint IntervalEnd = 1;

    /// <summary>NFTA_LIST_ELEM.</summary>
    public const ushort ListElement = 1;

    public const ushort ExpressionName = 1;
    public const ushort ExpressionData = 2;
    public const ushort ImmediateData = 2;
    public const ushort DataValue = 1;
    public const ushort DataVerdict = 2;
    public const ushort VerdictCode = 1;
    public const ushort VerdictChain = 2;
}
