namespace Sampan.Oci.Runtime;

/// <summary>Network classes, v1.</summary>
public sealed record RuntimeNetwork
{
    /// <summary>net_cls.classid.</summary>
    public uint? ClassID { get; init; }

    /// <summary>net_prio.</summary>
    public IReadOnlyList<RuntimeInterfacePriority>? Priorities { get; init; }
}
