using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>Tasks.</summary>
public sealed record PidsStatistics
{
    /// <summary>Now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Current { get; init; }

    /// <summary>The most; 0 is unlimited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Limit { get; init; }
}
