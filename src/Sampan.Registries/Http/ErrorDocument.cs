using System.Text.Json.Serialization;

namespace Sampan.Registries.Http;

/// <summary>A registry's or token server's answer to what it does not do.</summary>
internal sealed record ErrorDocument
{
    /// <summary>The errors.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyList<ErrorItem>? Errors { get; set; }

    /// <summary>Docker Hub's token server.</summary>
    [JsonPropertyName("details")]
    public string? Details { get; set; }

    /// <summary>Gateways.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; set; }

    /// <summary>OAuth 2 (RFC 6749, section 5.2).</summary>
    [JsonPropertyName("error_description")]
    public string? Description { get; set; }
}
