using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>How a layer came to be (image-spec, config.md, "history").</summary>
public sealed record ImageHistory
{
    /// <summary>When.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; set; }

    /// <summary>By which command.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; set; }

    /// <summary>By whom.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; set; }

    /// <summary>A message.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; set; }

    /// <summary>It changed the configuration only.</summary>
    [JsonPropertyName("empty_layer")]
    public bool? EmptyLayer { get; set; }
}
