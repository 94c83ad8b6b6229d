using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>What one image consists of (image-spec, manifest.md).</summary>
public sealed record ImageManifest
{
    /// <summary>Always 2.</summary>
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; set; } = 2;

    /// <summary>The document's own type.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>The configuration.</summary>
    [JsonPropertyName("config")]
    public Descriptor? Config { get; set; }

    /// <summary>The layers, bottom first.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; set; }

    /// <summary>What kind of artifact it is, where it is no image to be run.</summary>
    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; set; }

    /// <summary>The manifest it says something about.</summary>
    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; set; }

    /// <summary>Free words.</summary>
    [JsonPropertyName("annotations")]
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>Present in a document that wants to be an index too (CVE-2021-41190).</summary>
    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; set; }
}
