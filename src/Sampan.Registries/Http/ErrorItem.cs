using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Registries.Http;

/// <summary>One error of a registry (distribution-spec, "Error codes").</summary>
internal sealed record ErrorItem
{
    /// <summary>MANIFEST_UNKNOWN and the like.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; set; }

    /// <summary>For people.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; set; }

    /// <summary>Its detail, of any shape.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
