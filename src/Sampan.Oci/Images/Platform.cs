using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>What an image runs on (image-spec, image-index.md, "platform").</summary>
public sealed record Platform
{
    /// <summary>GOARCH name: amd64, arm64.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; set; }

    /// <summary>GOOS name: linux; "unknown" marks an attestation.</summary>
    [JsonPropertyName("os")]
    public string? Os { get; set; }

    /// <summary>Version of the operating system, of Windows say.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; set; }

    /// <summary>What the operating system must have.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; set; }

    /// <summary>CPU variant: v8.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; set; }
}
