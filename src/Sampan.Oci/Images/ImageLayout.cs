using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>The file oci-layout (image-spec, image-layout.md).</summary>
public sealed record ImageLayout
{
    /// <summary>Always "1.0.0".</summary>
    [JsonPropertyName("imageLayoutVersion")]
    public string? ImageLayoutVersion { get; set; }
}
