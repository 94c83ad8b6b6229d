using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>A typed, sized, hashed reference to a blob (image-spec, descriptor.md).</summary>
public sealed record Descriptor
{
    /// <summary>What the blob is.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>Algorithm and hex digits of the blob's hash.</summary>
    [JsonPropertyName("digest")]
    public string? Digest { get; set; }

    /// <summary>Bytes of the blob.</summary>
    [JsonPropertyName("size")]
    public long Size { get; set; }

    /// <summary>Where else the blob may be had; never followed (CVE-2020-15157).</summary>
    [JsonPropertyName("urls")]
    public IReadOnlyList<string>? Urls { get; set; }

    /// <summary>Free words.</summary>
    [JsonPropertyName("annotations")]
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>What kind of artifact a manifest in an index is.</summary>
    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; set; }

    /// <summary>What a manifest in an index runs on.</summary>
    [JsonPropertyName("platform")]
    public Platform? Platform { get; set; }

    /// <summary>The value of an annotation.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The value, or null.</returns>
    public string? Annotation(string key) => Annotations is not null && Annotations.TryGetValue(key, out var value) ? value : null;
}
