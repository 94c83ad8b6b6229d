using System.Text.Json.Serialization;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>What is read of a file below ~/.docker/manifests, which is in the form of docker's client (docker/cli, cli/manifest/types).</summary>
internal sealed record ListMemberDocument
{
    /// <summary>The image's full reference.</summary>
    [JsonPropertyName("Ref")]
    public string? Ref { get; set; }

    /// <summary>Its manifest, with its platform.</summary>
    [JsonPropertyName("Descriptor")]
    public Descriptor? Descriptor { get; set; }

    /// <summary>The manifest's bytes in base64.</summary>
    [JsonPropertyName("Raw")]
    public string? Raw { get; set; }
}
