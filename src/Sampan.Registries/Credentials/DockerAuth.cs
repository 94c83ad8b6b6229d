using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Registries.Credentials;

/// <summary>One registry's login in docker's config.json.</summary>
internal sealed record DockerAuth
{
    /// <summary>user:password in base64.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; set; }

    /// <summary>User, where auth is not given.</summary>
    [JsonPropertyName("username")]
    public string? Username { get; set; }

    /// <summary>Password, where auth is not given.</summary>
    [JsonPropertyName("password")]
    public string? Password { get; set; }

    /// <summary>A refresh token.</summary>
    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; set; }

    /// <summary>A bearer token.</summary>
    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; set; }

    /// <summary>What is not known here.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
