using System.Text.Json.Serialization;

namespace Sampan.Registries.Tokens;

/// <summary>A token server's answer (distribution, spec/auth/token.md and oauth.md).</summary>
internal sealed record TokenDocument
{
    /// <summary>The bearer token.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; set; }

    /// <summary>The same by the name OAuth 2 has for it.</summary>
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; set; }

    /// <summary>Seconds it is good for; 60 when not given.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; set; }

    /// <summary>A refresh token, when one was asked for.</summary>
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; set; }
}
