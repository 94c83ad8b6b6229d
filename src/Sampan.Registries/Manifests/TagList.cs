using System.Text.Json.Serialization;

namespace Sampan.Registries.Manifests;

/// <summary>A page of tags (distribution-spec, "Listing Tags").</summary>
internal sealed record TagList
{
    /// <summary>The tags; null for none, as some registries have it.</summary>
    [JsonPropertyName("tags")]
    public IReadOnlyList<string>? Tags { get; set; }
}
