using System.Text.Json.Serialization;

namespace Sampan.Registries.Signatures;

/// <summary>The manifest or index that a payload is about.</summary>
internal sealed record SimpleSigningImage
{
    /// <summary>sha256:… of it.</summary>
    [JsonPropertyName("docker-manifest-digest")]
    public string? Digest { get; set; }
}
