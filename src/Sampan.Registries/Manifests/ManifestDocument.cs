using System.Text.Json.Serialization;
using Sampan.Oci.Images;

namespace Sampan.Registries.Manifests;

/// <summary>All that an index or an image manifest may have: which of them it is shows only when both are looked for.</summary>
internal sealed record ManifestDocument
{
    /// <summary>2; 1 in the format of docker before 1.10.</summary>
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; set; }

    /// <summary>The document's own type.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>What kind of artifact it is.</summary>
    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; set; }

    /// <summary>The configuration.</summary>
    [JsonPropertyName("config")]
    public Descriptor? Config { get; set; }

    /// <summary>The layers, bottom first.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; set; }

    /// <summary>The manifests of an index.</summary>
    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; set; }

    /// <summary>What it is about.</summary>
    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; set; }

    /// <summary>Free words.</summary>
    [JsonPropertyName("annotations")]
    public Dictionary<string, string>? Annotations { get; set; }
}
