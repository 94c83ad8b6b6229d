using Sampan.Linux;
using Sampan.Registries.Configuration;
using Sampan.Registries.Credentials;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Http;

/// <summary>One registry: where it is, and what it has been proven to.</summary>
internal sealed class RegistryServer
{
    private readonly Lock _gate = new();
    private readonly Exchange _exchange;
    private readonly bool _insecure;
    private Uri? _base;

    /// <param name="registry">host[:port] as references have it.</param>
    /// <param name="insecure">Its certificate is not verified, and plain HTTP will do.</param>
    /// <param name="exchange">Connections.</param>
    /// <param name="login">Its login.</param>
    /// <param name="options">Patience and clock.</param>
    public RegistryServer(string registry, bool insecure, Exchange exchange, Func<CancellationToken, Credential?> login, RegistryOptions options)
    {
        Registry = registry;
        Authority = RegistryHost.Server(registry);
        Authenticator = new(Authority, login, exchange, options);
        _insecure = insecure;
        _exchange = exchange;
    }

    /// <summary>host[:port] as references and logins have it.</summary>
    public string Registry { get; }

    /// <summary>host[:port] to connect to.</summary>
    public string Authority { get; init; }

    public Authenticator Authenticator { get; }

    /// <summary>Its address: https://host/, or http://host/ where that is allowed and nothing answers to HTTPS.</summary>
    /// <exception cref="RegistryException">It does not answer.</exception>
    public Uri Base(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _base ??= _insecure ? Probe(cancellation) : Address(Uri.UriSchemeHttps);
        }
    }

    /// <summary>An address below /v2/.</summary>
    /// <param name="path">The path from there on, its query included.</param>
    /// <param name="cancellation">Ends the search for the base.</param>
    public Uri At(string path, CancellationToken cancellation) => new(Base(cancellation), "/v2/" + path);

    // Any answer at all will do: even a refusal is one of HTTPS.
    private Uri Probe(CancellationToken cancellation)
    {
        var secure = Address(Uri.UriSchemeHttps);
        try
        {
            Ask(secure, cancellation);
            return secure;
        }
        catch (RegistryException error) when (error.IsConnection || error.IsTransient)
        {
            // Something that speaks no TLS hangs up, or answers in its own language.
            var plain = Address(Uri.UriSchemeHttp);
            Ask(plain, cancellation);
            return plain;
        }
    }

    private void Ask(Uri address, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Get, new(address, "/v2/"), Scope.None);
        var (response, _) = _exchange.Send(Authority, address, request, null, [], cancellation);
        response.Dispose();
    }

    private Uri Address(string scheme) =>
        Uri.TryCreate($"{scheme}://{Authority}/", UriKind.Absolute, out var address)
            ? address
            : throw SampanException.InvalidArgument($"registry {Authority}: no host and port");
}
