using System.Text;
using Sampan.Linux;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Credentials;

/// <summary>Where the logins of registries are: a helper's keeping, or config.json.</summary>
/// <param name="file">docker's config.json.</param>
internal sealed class CredentialStore(DockerConfigFile file)
{
    /// <summary>Headers of the user's for registries: docker lets those through that begin with X-Meta-.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers() =>
        [.. (file.Read().HttpHeaders ?? []).Where(static header => header.Key.StartsWith("X-Meta-", StringComparison.OrdinalIgnoreCase))];

    /// <summary>The login of a registry, and of no other.</summary>
    /// <param name="registry">host[:port] as references have it.</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>The login, or null.</returns>
    /// <exception cref="SampanException">The configuration or a helper is at fault.</exception>
    public Credential? Find(string registry, CancellationToken cancellation)
    {
        var config = file.Read();
        var key = RegistryHost.CredentialKey(registry);
        if (Helper(config, registry) is { } helper)
        {
            return helper.Get(key, cancellation);
        }

        var auths = config.Auths ?? [];
        return auths.TryGetValue(key, out var auth) || auths.TryGetValue(KeyOf(auths, registry) ?? "", out auth) ? Read(auth, key) : null;
    }

    /// <summary>Keeps a login.</summary>
    /// <param name="registry">host[:port].</param>
    /// <param name="credential">The login.</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>The helper that keeps it, or null when it is in the file, not encrypted.</returns>
    /// <exception cref="SampanException">The configuration or a helper is at fault.</exception>
    /// <exception cref="LinuxException">The file cannot be written.</exception>
    public string? Store(string registry, Credential credential, CancellationToken cancellation)
    {
        var key = RegistryHost.CredentialKey(registry);
        var config = file.Read();
        var name = HelperName(config, registry);
        if (name is not null)
        {
            new CredentialProgram(name).Store(key, credential, cancellation);
        }

        file.Update(changed =>
        {
            // With a helper the entry only says that there is a login; what else it had stays.
            var auths = changed.Auths ??= new(StringComparer.Ordinal);
            var entry = auths.TryGetValue(key, out var former) ? former with { } : new DockerAuth();
            entry.Username = entry.Password = null;
            entry.Auth = name is null && credential.HasPassword ? Encode(credential) : null;
            entry.IdentityToken = name is null ? credential.IdentityToken : null;
            auths[key] = entry;
        });
        return name;
    }

    /// <summary>Forgets a login, under whichever name of the registry it is kept.</summary>
    /// <param name="registry">host[:port].</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SampanException">The configuration or a helper is at fault.</exception>
    /// <exception cref="LinuxException">The file cannot be written.</exception>
    public bool Erase(string registry, CancellationToken cancellation)
    {
        var config = file.Read();
        var key = RegistryHost.CredentialKey(registry);
        var erased = Helper(config, registry)?.Erase(key, cancellation) ?? false;
        var keys = (config.Auths ?? []).Keys.Where(other => other == key || IsOf(other, registry)).ToList();
        if (keys.Count > 0)
        {
            file.Update(changed => keys.ForEach(each => changed.Auths?.Remove(each)));
        }

        return erased || keys.Count > 0;
    }

    private static CredentialProgram? Helper(DockerConfig config, string registry) =>
        HelperName(config, registry) is { } name ? new(name) : null;

    // A helper of the registry's own comes before the one of all; an empty name stands for none.
    private static string? HelperName(DockerConfig config, string registry)
    {
        var helpers = config.CredHelpers ?? [];
        var name = helpers.TryGetValue(RegistryHost.CredentialKey(registry), out var own) || helpers.TryGetValue(registry, out own)
            ? own
            : helpers.FirstOrDefault(entry => IsOf(entry.Key, registry)).Value ?? config.CredsStore;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static string? KeyOf(Dictionary<string, DockerAuth> auths, string registry) => auths.Keys.FirstOrDefault(key => IsOf(key, registry));

    // https://host/v1/ and host are one; docker.io, index.docker.io and registry-1.docker.io too.
    private static bool IsOf(string key, string registry)
    {
        var host = RegistryHost.OfKey(key);
        return host == registry || (RegistryHost.IsHub(host) && RegistryHost.IsHub(registry));
    }

    private static string Encode(Credential credential) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}"));

    private Credential? Read(DockerAuth auth, string key)
    {
        var (username, password) = (auth.Username ?? "", auth.Password ?? "");
        if (!string.IsNullOrEmpty(auth.Auth))
        {
            (username, password) = Decode(auth.Auth) ?? throw SampanException.InvalidArgument($"{file.Path}: auths.{key}.auth is not user:password in base64");
        }

        var credential = new Credential
        {
            Username = username,
            Password = password,
            IdentityToken = string.IsNullOrEmpty(auth.IdentityToken) ? null : auth.IdentityToken,
            RegistryToken = string.IsNullOrEmpty(auth.RegistryToken) ? null : auth.RegistryToken,
        };
        return credential.HasPassword || credential.IdentityToken is not null || credential.RegistryToken is not null ? credential : null;
    }

    private static (string Username, string Password)? Decode(string auth)
    {
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var length))
        {
            return null;
        }

        // Older writers of the file left NUL behind the password.
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..].Trim('\0'));
    }
}
