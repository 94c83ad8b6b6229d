using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>How a quota was kept.</summary>
public sealed record CpuThrottling
{
    /// <summary>Periods that have passed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Periods { get; init; }

    /// <summary>Periods in which the quota was used up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong ThrottledPeriods { get; init; }

    /// <summary>Nanoseconds that processes waited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong ThrottledTime { get; init; }
}
