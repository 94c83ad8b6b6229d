using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Registries.Credentials;

/// <summary>The part of docker's config.json that is about registries; the rest is kept as it is.</summary>
internal sealed record DockerConfig
{
    /// <summary>Logins by server.</summary>
    [JsonPropertyName("auths")]
    public Dictionary<string, DockerAuth>? Auths { get; set; }

    /// <summary>Headers of the user's; those that begin with X-Meta- are for registries.</summary>
    [JsonPropertyName("HttpHeaders")]
    public Dictionary<string, string>? HttpHeaders { get; set; }

    /// <summary>The credential helper of all servers.</summary>
    [JsonPropertyName("credsStore")]
    public string? CredsStore { get; set; }

    /// <summary>The credential helper of each server that has one of its own.</summary>
    [JsonPropertyName("credHelpers")]
    public Dictionary<string, string>? CredHelpers { get; set; }

    /// <summary>What is not known here.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
