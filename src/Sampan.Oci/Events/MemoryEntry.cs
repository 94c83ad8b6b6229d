using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>One counter of memory, in bytes.</summary>
public sealed record MemoryEntry
{
    /// <summary>The most.</summary>
    public ulong Limit { get; init; }

    /// <summary>Now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Usage { get; init; }

    /// <summary>The most there ever was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Max { get; init; }

    /// <summary>How often the limit was hit.</summary>
    public ulong Failcnt { get; init; }
}
