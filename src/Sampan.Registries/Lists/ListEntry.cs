using System.Text.Json.Serialization;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>An image in a manifest list, its members in the order of docker's client.</summary>
internal sealed record ListEntry
{
    /// <summary>What kind of manifest it is.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>Bytes of the manifest.</summary>
    [JsonPropertyName("size")]
    public long Size { get; set; }

    /// <summary>Its digest.</summary>
    [JsonPropertyName("digest")]
    public string? Digest { get; set; }

    /// <summary>What it runs on.</summary>
    [JsonPropertyName("platform")]
    public Platform? Platform { get; set; }
}
