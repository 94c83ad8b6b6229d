using System.Text.Json.Serialization;

namespace Sampan.Registries.Searching;

/// <summary>A registry's answer to a search (docker registry API version 1, /v1/search).</summary>
internal sealed record SearchDocument
{
    /// <summary>What was found.</summary>
    [JsonPropertyName("results")]
    public IReadOnlyList<SearchItem>? Results { get; set; }
}
