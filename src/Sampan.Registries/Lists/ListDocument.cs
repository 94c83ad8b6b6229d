using System.Text.Json.Serialization;

namespace Sampan.Registries.Lists;

/// <summary>A manifest list or index with the members docker's client writes, in its order (distribution, manifest/manifestlist).</summary>
internal sealed record ListDocument
{
    /// <summary>Always 2.</summary>
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; set; } = 2;

    /// <summary>Which of both it is.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; set; }

    /// <summary>The images.</summary>
    [JsonPropertyName("manifests")]
    public IReadOnlyList<ListEntry>? Manifests { get; set; }
}
