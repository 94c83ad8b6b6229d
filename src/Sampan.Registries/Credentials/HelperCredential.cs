namespace Sampan.Registries.Credentials;

/// <summary>A credential in the protocol of docker's credential helpers.</summary>
internal sealed record HelperCredential
{
    /// <summary>The server.</summary>
    public string? ServerURL { get; set; }

    /// <summary>The user, or &lt;token&gt; when the secret is an identity token.</summary>
    public string? Username { get; set; }

    /// <summary>Password or token.</summary>
    public string? Secret { get; set; }
}
