using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>A list of manifests: index.json of a layout, or an image for several platforms (image-spec, image-index.md).</summary>
public sealed record ImageIndex
{
    /// <summary>Always 2.</summary>
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; set; } = 2;

    /// <summary>The document's own type.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>The manifests.</summary>
    [JsonPropertyName("manifests")]
    public List<Descriptor>? Manifests { get; set; }

    /// <summary>Present in a document that wants to be a manifest too (CVE-2021-41190).</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; set; }
}
