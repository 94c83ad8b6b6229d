using System.Text;
using Sampan.Registries.Credentials;

namespace Sampan.Registries.Tokens;

/// <summary>A question to a token server.</summary>
internal static class TokenQuery
{
    // The name docker gives; some token servers know no other.
    private const string ClientId = "docker";

    /// <summary>The address of a GET (distribution, spec/auth/token.md).</summary>
    /// <param name="realm">The token server.</param>
    /// <param name="service">The registry's name for itself; null when it has none.</param>
    /// <param name="scope">What the token is to allow.</param>
    /// <param name="account">The user, when there is one.</param>
    /// <param name="offline">A refresh token is wanted as well.</param>
    public static Uri Get(Uri realm, string? service, Scope scope, string? account, bool offline)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        Append(query, "account", account);
        if (offline)
        {
            Append(query, "client_id", ClientId);
            Append(query, "offline_token", "true");
        }

        foreach (var text in scope.Texts)
        {
            Append(query, "scope", text);
        }

        Append(query, "service", service);
        return new UriBuilder(realm) { Query = query.ToString() }.Uri;
    }

    /// <summary>The body of a POST that gives a refresh token for a bearer token (distribution, spec/auth/oauth.md).</summary>
    public static string Form(string? service, Scope scope, Credential credential)
    {
        var form = new StringBuilder();
        Append(form, "grant_type", "refresh_token");
        Append(form, "refresh_token", credential.IdentityToken);
        Append(form, "service", service);
        Append(form, "client_id", ClientId);
        Append(form, "scope", scope.Text);
        return form.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
