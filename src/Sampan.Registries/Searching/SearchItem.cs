using System.Text.Json.Serialization;

namespace Sampan.Registries.Searching;

/// <summary>One repository of a search.</summary>
internal sealed record SearchItem
{
    /// <summary>Its path.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    /// <summary>What its owner says.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; set; }

    /// <summary>Who likes it.</summary>
    [JsonPropertyName("star_count")]
    public long? StarCount { get; set; }

    /// <summary>Docker Hub's own.</summary>
    [JsonPropertyName("is_official")]
    public bool? IsOfficial { get; set; }

    /// <summary>Built by Docker Hub.</summary>
    [JsonPropertyName("is_automated")]
    public bool? IsAutomated { get; set; }
}
