using System.Text.Json.Serialization;

namespace Sampan.Registries.Signatures;

/// <summary>What a signature signs (containers/image, docs/containers-signature.5.md, "JSON data format"; cosign, specs/SIGNATURE_SPEC.md).</summary>
internal sealed record SimpleSigning
{
    /// <summary>The type that cosign gives its payloads.</summary>
    public const string CosignType = "cosign container image signature";

    /// <summary>What must be understood.</summary>
    [JsonPropertyName("critical")]
    public SimpleSigningClaim? Critical { get; set; }
}
