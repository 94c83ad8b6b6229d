using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>One counter of one device.</summary>
public sealed record BlockEntry
{
    /// <summary>Major number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Major { get; init; }

    /// <summary>Minor number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Minor { get; init; }

    /// <summary>Read, Write, Sync, Async, Discard or Total.</summary>
    public string? Op { get; init; }

    /// <summary>The count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Value { get; init; }
}
