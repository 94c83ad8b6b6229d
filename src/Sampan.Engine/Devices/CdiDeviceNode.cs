using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>A device node of a CDI device.</summary>
internal sealed record CdiDeviceNode
{
    /// <summary>Path in the container.</summary>
    [JsonPropertyName("path")]
    public string Path { get; set; } = "";

    /// <summary>Path on the host; the same when absent.</summary>
    [JsonPropertyName("hostPath")]
    public string? HostPath { get; init; }

    /// <summary>Letters of rwm; all when absent.</summary>
    [JsonPropertyName("permissions")]
    public string? Permissions { get; init; }
}
