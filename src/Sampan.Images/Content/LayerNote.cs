using System.Text.Json.Serialization;

namespace Sampan.Images.Content;

/// <summary>What is known of an unpacked layer besides its files.</summary>
internal sealed record LayerNote
{
    /// <summary>Bytes of its regular files.</summary>
    [JsonPropertyName("size")]
    public long Size { get; set; }
}
