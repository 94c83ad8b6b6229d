using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>Counters of a network interface (runc writes these keys in capitals).</summary>
public sealed record NetworkInterfaceStatistics
{
    /// <summary>The interface.</summary>
    [JsonPropertyName("Name")]
    public string Name { get; set; } = "";

    /// <summary>Bytes received.</summary>
    [JsonPropertyName("RxBytes")]
    public ulong RxBytes { get; init; }

    /// <summary>Packets received.</summary>
    [JsonPropertyName("RxPackets")]
    public ulong RxPackets { get; init; }

    /// <summary>Errors on receipt.</summary>
    [JsonPropertyName("RxErrors")]
    public ulong RxErrors { get; init; }

    /// <summary>Received and dropped.</summary>
    [JsonPropertyName("RxDropped")]
    public ulong RxDropped { get; init; }

    /// <summary>Bytes sent.</summary>
    [JsonPropertyName("TxBytes")]
    public ulong TxBytes { get; init; }

    /// <summary>Packets sent.</summary>
    [JsonPropertyName("TxPackets")]
    public ulong TxPackets { get; init; }

    /// <summary>Errors on sending.</summary>
    [JsonPropertyName("TxErrors")]
    public ulong TxErrors { get; init; }

    /// <summary>Dropped before sending.</summary>
    [JsonPropertyName("TxDropped")]
    public ulong TxDropped { get; init; }
}
