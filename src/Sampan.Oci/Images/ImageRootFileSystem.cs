using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>The layers as they are when unpacked (image-spec, config.md, "rootfs").</summary>
public sealed record ImageRootFileSystem
{
    /// <summary>Always "layers".</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "layers";

    /// <summary>Digest of each uncompressed layer, bottom first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string>? DiffIds { get; set; }
}
