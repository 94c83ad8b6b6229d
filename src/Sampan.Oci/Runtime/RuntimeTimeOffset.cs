namespace Sampan.Oci.Runtime;

/// <summary>Offset of a clock.</summary>
public sealed record RuntimeTimeOffset
{
    /// <summary>Seconds.</summary>
    public long Secs { get; init; }

    /// <summary>Nanoseconds.</summary>
    public uint Nanosecs { get; init; }
}
