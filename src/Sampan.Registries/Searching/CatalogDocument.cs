using System.Text.Json.Serialization;

namespace Sampan.Registries.Searching;

/// <summary>A page of a registry's repositories (distribution, /v2/_catalog).</summary>
internal sealed record CatalogDocument
{
    /// <summary>Their paths.</summary>
    [JsonPropertyName("repositories")]
    public IReadOnlyList<string>? Repositories { get; set; }
}
