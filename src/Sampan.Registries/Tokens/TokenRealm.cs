using Sampan.Linux;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Tokens;

/// <summary>The token server a registry names, after a look at whether a login may go there.</summary>
internal static class TokenRealm
{
    /// <summary>
    /// A registry that speaks TLS has proven who it is, and may name any host that does as well. One that speaks plain HTTP has proven
    /// nothing: whoever is on the way could name his own server, so a login goes to the same host only. Over plain HTTP a login goes
    /// nowhere a registry with TLS could send it.
    /// </summary>
    /// <param name="registry">The registry's base address.</param>
    /// <param name="challenge">What it said.</param>
    /// <param name="withLogin">A login is to be sent.</param>
    /// <returns>The token server's address.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: it is not trusted.</exception>
    public static Uri Check(Uri registry, Challenge challenge, bool withLogin)
    {
        var text = challenge["realm"] ?? "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https") || realm.UserInfo.Length > 0 || realm.Host.Length == 0)
        {
            throw Refuse(registry, $"names no token server: realm \"{ServerWords.Clean(text)}\"");
        }

        if (registry.Scheme == Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttps)
        {
            throw Refuse(registry, $"speaks TLS and sends logins over plain HTTP to {realm.Authority}: refused");
        }

        var sameHost = realm.IdnHost == registry.IdnHost || (RegistryHost.IsLoopback(realm.IdnHost) && RegistryHost.IsLoopback(registry.IdnHost));
        if (registry.Scheme == Uri.UriSchemeHttp && !sameHost && withLogin)
        {
            throw Refuse(registry, $"speaks plain HTTP and sends logins to another host, {realm.Authority}: refused; give the registry a certificate");
        }

        return realm;
    }

    private static SampanException Refuse(Uri registry, string words) => new(ErrorKind.Forbidden, $"registry {registry.Authority} {words}");
}
