using System.Text.Json.Serialization;

namespace Sampan.Registries.Signatures;

/// <summary>The part of a payload that must be understood.</summary>
internal sealed record SimpleSigningClaim
{
    /// <summary>The kind of payload.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; set; }

    /// <summary>What is signed.</summary>
    [JsonPropertyName("image")]
    public SimpleSigningImage? Image { get; set; }
}
