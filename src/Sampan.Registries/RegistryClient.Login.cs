using System.Net;
using Sampan.Linux;
using Sampan.Registries.Configuration;
using Sampan.Registries.Credentials;
using Sampan.Registries.Http;
using Sampan.Registries.Tokens;

namespace Sampan.Registries;

/// <content>Logging in and out.</content>
public sealed partial class RegistryClient
{
    /// <summary>Asks a registry whether it knows a user, and keeps the login when it does (docker login).</summary>
    /// <param name="registry">host[:port]; docker.io or nothing for Docker Hub. A scheme and a path are cut off, as docker does.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">His password, or a token in its place.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Where the login is kept.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: it does not know him; or it cannot be asked, or the login not kept.</exception>
    /// <exception cref="LinuxException">The configuration cannot be written.</exception>
    public LoginPlace Login(string registry, string username, string password, CancellationToken cancellation = default)
    {
        var host = HostOf(registry);
        var login = new Credential { Username = username, Password = password };
        var server = Show(host, login, cancellation);
        var kept = server.Authenticator.RefreshToken is { } token ? new Credential { Username = username, IdentityToken = token } : login;
        return new(_credentials.Store(host, kept, cancellation), _options.ConfigDirectory + "/config.json");
    }

    /// <summary>Asks a registry whether it still takes the login that is kept for it.</summary>
    /// <param name="registry">As for <see cref="Login"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>False when it does not, or none is kept.</returns>
    /// <exception cref="SampanException">It cannot be asked.</exception>
    public bool TakesLogin(string registry, CancellationToken cancellation = default)
    {
        var host = HostOf(registry);
        try
        {
            return _credentials.Find(host, cancellation) is { } login && Show(host, login, cancellation) is not null;
        }
        catch (SampanException refusal) when (refusal.Kind == ErrorKind.Forbidden)
        {
            return false;
        }
    }

    /// <returns>The server, which knows the user.</returns>
    private RegistryServer Show(string host, Credential login, CancellationToken cancellation)
    {
        var server = new RegistryServer(host, _configuration.IsInsecure(host), _exchange, _ => login, _options);
        server.Authenticator.WantsRefreshToken = true;
        try
        {
            var request = new RegistryRequest(HttpMethod.Get, server.At("", cancellation), Scope.None);
            _sender.Open(server, request, cancellation).Dispose();
            return server;
        }
        catch (RegistryException error) when (error.Status == HttpStatusCode.Unauthorized)
        {
            throw new SampanException(
                ErrorKind.Forbidden,
                $"login attempt to {server.At("", cancellation)} failed with status: 401 Unauthorized: {error.Message}",
                error);
        }
        catch (RegistryException error)
        {
            throw error.For(host);
        }
    }

    /// <summary>Forgets a login (docker logout).</summary>
    /// <param name="registry">As for <see cref="Login"/>.</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SampanException">The configuration or a helper is at fault.</exception>
    /// <exception cref="LinuxException">The configuration cannot be written.</exception>
    public bool Logout(string registry, CancellationToken cancellation = default) => _credentials.Erase(HostOf(registry), cancellation);

    /// <summary>The user whose login is kept for a registry.</summary>
    /// <param name="registry">As for <see cref="Login"/>.</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>His name; null when there is no login, or one without a name.</returns>
    /// <exception cref="SampanException">The configuration or a helper is at fault.</exception>
    public string? FindUser(string registry, CancellationToken cancellation = default) =>
        _credentials.Find(HostOf(registry), cancellation) is { HasPassword: true } login ? login.Username : null;

    private static string HostOf(string registry)
    {
        var host = registry.Length == 0 ? RegistryHost.Hub : RegistryHost.OfKey(registry);
        host = RegistryHost.IsHub(host) ? RegistryHost.Hub : host;
        return Images.ImageReference.IsDomain(host) ? host : throw SampanException.InvalidArgument($"registry \"{registry}\": host[:port] is expected");
    }
}
