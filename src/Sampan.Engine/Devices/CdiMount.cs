using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>A mount of a CDI device.</summary>
internal sealed record CdiMount
{
    /// <summary>Path on the host.</summary>
    [JsonPropertyName("hostPath")]
    public string HostPath { get; set; } = "";

    /// <summary>Path in the container.</summary>
    [JsonPropertyName("containerPath")]
    public string ContainerPath { get; set; } = "";

    /// <summary>Mount options.</summary>
    [JsonPropertyName("options")]
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>File system type; a bind mount when absent.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }
}
