using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Registries.Credentials;
using Sampan.Registries.Http;

namespace Sampan.Registries.Tokens;

/// <summary>Proves to one registry who asks: what it wants is learnt from its first refusal, tokens are kept as long as they are good.</summary>
/// <param name="registry">host[:port].</param>
/// <param name="credential">The login of this registry, when there is one; asked for once.</param>
/// <param name="exchange">Connections.</param>
/// <param name="options">Patience and clock.</param>
internal sealed class Authenticator(string registry, Func<CancellationToken, Credential?> credential, Exchange exchange, RegistryOptions options)
{
    private const int LongestAnswer = 1 << 20;

    // Whoever waits here waits for the very token he would else ask for himself.
    private readonly Lock _gate = new();
    private readonly TokenCache _tokens = new(options.Clock);
    private readonly Dictionary<string, Scope> _wanted = new(StringComparer.Ordinal);
    private Challenge? _challenge;
    private Credential? _credential;
    private bool _isCredentialKnown;

    /// <summary>A refresh token that came with a token, when <see cref="WantsRefreshToken"/>.</summary>
    public string? RefreshToken { get; private set; }

    /// <summary>Ask for a refresh token as well: a login does.</summary>
    public bool WantsRefreshToken { get; set; }

    /// <summary>What goes with a request.</summary>
    /// <param name="origin">The registry's base address.</param>
    /// <param name="scope">What it needs.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The header; null when the registry has not yet asked for one, or there is nothing to answer with.</returns>
    /// <exception cref="RegistryException">The token server refuses.</exception>
    /// <exception cref="SampanException">The token server is not trusted, or a credential helper is at fault.</exception>
    public AuthenticationHeaderValue? Authorize(Uri origin, Scope scope, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_challenge is null)
            {
                return null;
            }

            var login = Login(cancellation);
            if (login?.RegistryToken is { } fixedToken)
            {
                return new("Bearer", fixedToken);
            }

            if (_challenge.Scheme == "basic")
            {
                return login is { HasPassword: true } ? Basic(login) : null;
            }

            var wanted = _wanted.TryGetValue(scope.Text, out var known) ? known : scope;
            var token = _tokens.Find(wanted.Text) ?? Fetch(origin, wanted, login, cancellation);
            return new("Bearer", token);
        }
    }

    /// <summary>Learns from a refusal.</summary>
    /// <param name="challenges">What the registry wants.</param>
    /// <param name="scope">What the request needed.</param>
    /// <param name="used">What went with it.</param>
    /// <param name="isFresh">That was got for this very request: another of its kind would be refused as well.</param>
    /// <param name="cancellation">Ends a helper.</param>
    /// <returns>Whether there is something else to answer with.</returns>
    /// <exception cref="RegistryException">The registry wants a login, and there is none.</exception>
    public bool Learn(IReadOnlyList<Challenge> challenges, Scope scope, AuthenticationHeaderValue? used, bool isFresh, CancellationToken cancellation)
    {
        var challenge = challenges.FirstOrDefault(static each => each.Scheme == "bearer" && each["realm"] is not null)
            ?? challenges.FirstOrDefault(static each => each.Scheme == "basic");
        if (challenge is null)
        {
            return false;
        }

        lock (_gate)
        {
            _challenge = challenge;
            if (challenge.Scheme == "basic")
            {
                return used is null && (Login(cancellation) is { HasPassword: true }
                    ? true
                    : throw new RegistryException(ErrorKind.Forbidden, "no basic auth credentials") { Status = HttpStatusCode.Unauthorized });
            }

            var wanted = scope.And(challenge["scope"]);
            var isMore = !_wanted.TryGetValue(scope.Text, out var known) || known.Text != wanted.Text;
            _wanted[scope.Text] = wanted;
            if (used?.Parameter is { } token)
            {
                // Ended early, or taken back: another one may do.
                _tokens.Drop(wanted.Text, token);
                return isMore || !isFresh;
            }

            return true;
        }
    }

    private static AuthenticationHeaderValue Basic(Credential login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")));

    private Credential? Login(CancellationToken cancellation)
    {
        if (!_isCredentialKnown)
        {
            _credential = credential(cancellation);
            _isCredentialKnown = true;
        }

        return _credential;
    }

    private string Fetch(Uri origin, Scope scope, Credential? login, CancellationToken cancellation)
    {
        var realm = TokenRealm.Check(origin, _challenge!, login is not null);
        var service = _challenge!["service"];
        var since = options.Clock.GetTimestamp();
        var document = login?.IdentityToken is not null ? Post(realm, service, scope, login, cancellation) : Get(realm, service, scope, login, cancellation);
        var token = !string.IsNullOrEmpty(document.Token) ? document.Token : document.AccessToken;
        if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new RegistryException(ErrorKind.Unavailable, $"token server {realm.Authority} of registry {registry} gives no token");
        }

        if (!string.IsNullOrEmpty(document.RefreshToken))
        {
            RefreshToken = document.RefreshToken;
        }

        _tokens.Put(scope.Text, token, document.ExpiresIn, since);
        return token;
    }

    private TokenDocument Get(Uri realm, string? service, Scope scope, Credential? login, CancellationToken cancellation)
    {
        var account = login is { HasPassword: true } ? login.Username : null;
        var address = TokenQuery.Get(realm, service, scope, account, WantsRefreshToken && account is not null);
        return Ask(realm, new(HttpMethod.Get, address, Scope.None), account is null ? null : Basic(login!), cancellation);
    }

    private TokenDocument Post(Uri realm, string? service, Scope scope, Credential login, CancellationToken cancellation)
    {
        var form = TokenQuery.Form(service, scope, login);
        var request = new RegistryRequest(HttpMethod.Post, realm, Scope.None)
        {
            Content = _ => new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        try
        {
            return Ask(realm, request, null, cancellation);
        }
        catch (RegistryException error) when (login.HasPassword && error.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            // An older token server, which knows GET only.
            return Get(realm, service, scope, login, cancellation);
        }
    }

    private TokenDocument Ask(Uri realm, RegistryRequest request, AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        var patience = new Patience(options.Retry);
        while (true)
        {
            try
            {
                var (response, _) = exchange.Send(registry, realm, request, authorization, [], cancellation);
                if (!response.IsSuccessStatusCode)
                {
                    throw Refusal.Read(response, request, options, cancellation);
                }

                using (response)
                {
                    return TokenJson.TokenDocument.Parse(BodyReader.Read(response, LongestAnswer, options.Stall, request, cancellation));
                }
            }
            catch (JsonException error)
            {
                throw new RegistryException(ErrorKind.Unavailable, $"{request}: answer of the token server: {error.Message}", error);
            }
            catch (RegistryException error) when (error.IsTransient)
            {
                if (!patience.Wait(error.RetryAfter, cancellation))
                {
                    throw error.Final();
                }
            }
        }
    }
}
