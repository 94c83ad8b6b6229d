namespace Sampan.Registries.Credentials;

/// <summary>What a user proves to a registry who he is with. Never printed.</summary>
internal sealed class Credential
{
    /// <summary>The name that says a helper's secret is an identity token.</summary>
    public const string TokenUser = "<token>";

    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>A refresh token, got at a login and given for others.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token, sent as it is.</summary>
    public string? RegistryToken { get; init; }

    public bool HasPassword => Username.Length > 0;

    /// <summary>Nothing of a secret.</summary>
    public override string ToString() => HasPassword ? $"the login of {Username}" : "a token";
}
