using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>What a CDI device adds to a container.</summary>
internal sealed record CdiEdits
{
    /// <summary>NAME=value.</summary>
    [JsonPropertyName("env")]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Device nodes.</summary>
    [JsonPropertyName("deviceNodes")]
    public IReadOnlyList<CdiDeviceNode>? DeviceNodes { get; init; }

    /// <summary>Mounts.</summary>
    [JsonPropertyName("mounts")]
    public IReadOnlyList<CdiMount>? Mounts { get; init; }

    /// <summary>Programs of the host that are to run: refused.</summary>
    [JsonPropertyName("hooks")]
    public IReadOnlyList<CdiHook>? Hooks { get; init; }
}
