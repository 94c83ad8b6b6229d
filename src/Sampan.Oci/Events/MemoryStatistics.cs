using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>Memory in bytes.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Page cache.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Cache { get; init; }

    /// <summary>Memory.</summary>
    public MemoryEntry Usage { get; set; } = new();

    /// <summary>Memory and swap together, on either version.</summary>
    public MemoryEntry Swap { get; set; } = new();

    /// <summary>Kernel memory, version 1.</summary>
    public MemoryEntry Kernel { get; set; } = new();

    /// <summary>TCP buffers, version 1.</summary>
    public MemoryEntry KernelTCP { get; set; } = new();

    /// <summary>memory.stat, sorted by key.</summary>
    public IReadOnlyDictionary<string, ulong>? Raw { get; init; }
}
