using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>The image configuration; its digest is the image's id (image-spec, config.md).</summary>
public sealed record ImageDocument
{
    /// <summary>When the image was made.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; set; }

    /// <summary>By whom.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; set; }

    /// <summary>GOARCH name: amd64, arm64.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; set; }

    /// <summary>GOOS name: linux.</summary>
    [JsonPropertyName("os")]
    public string? Os { get; set; }

    /// <summary>CPU variant.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; set; }

    /// <summary>How containers run.</summary>
    [JsonPropertyName("config")]
    public ImageConfig? Config { get; set; }

    /// <summary>The layers.</summary>
    [JsonPropertyName("rootfs")]
    public ImageRootFileSystem? RootFileSystem { get; set; }

    /// <summary>How it came to be, oldest first.</summary>
    [JsonPropertyName("history")]
    public IReadOnlyList<ImageHistory>? History { get; set; }

    /// <summary>What this engine does not know and must not lose when it commits.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
