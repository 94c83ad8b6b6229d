using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Http;

/// <summary>Asks registries: proves who asks where that is wanted, and asks again where that may help.</summary>
internal sealed class Sender(Exchange exchange, IReadOnlyList<KeyValuePair<string, string>> headers, RegistryOptions options)
{
    // Without a token; with one; with one that replaces a token that ended meanwhile, or allows what turned out to be wanted.
    private const int MostProofs = 3;

    /// <summary>Asks, and leaves the body of the answer unread.</summary>
    /// <param name="server">The registry.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>An answer of status 2xx.</returns>
    /// <exception cref="RegistryException">The registry refuses, or does not answer, often enough.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public HttpResponseMessage Open(RegistryServer server, RegistryRequest request, CancellationToken cancellation) =>
        Repeat(request, () => SendOnce(server, request, cancellation), cancellation);

    /// <summary>Asks, and reads the answer whole.</summary>
    /// <param name="server">The registry.</param>
    /// <param name="request">The question.</param>
    /// <param name="limit">Most bytes of an answer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>An answer of status 2xx.</returns>
    /// <exception cref="RegistryException">The registry refuses, or does not answer, often enough.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Answer Ask(RegistryServer server, RegistryRequest request, int limit, CancellationToken cancellation) =>
        Repeat(request, () =>
        {
            using var response = SendOnce(server, request, cancellation);
            var body = request.Method == HttpMethod.Head ? [] : BodyReader.Read(response, limit, options.Stall, request, cancellation);
            return Read(response, request, body);
        }, cancellation);

    private static Answer Read(HttpResponseMessage response, RegistryRequest request, byte[] body)
    {
        // Where redirects ended matters to nobody but the registry: its links are relative to itself.
        var address = request.Address;
        return new(response.StatusCode, body, address)
        {
            MediaType = response.Content.Headers.ContentType?.MediaType,
            Length = response.Content.Headers.ContentLength,
            Digest = First("Docker-Content-Digest"),
            Next = Resolve(LinkHeader.Next(Refusal.Values(response, "Link"))),
            Location = Resolve(First("Location")),
            Range = First("Range"),
            HasSubject = First("OCI-Subject") is not null,
            Filters = First("OCI-Filters-Applied"),
            ShortestChunk = long.TryParse(First("OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var shortest) ? shortest : 0,
        };

        string? First(string name) => Refusal.Values(response, name).FirstOrDefault();
        Uri? Resolve(string? link) => link is not null && Uri.TryCreate(address, link, out var target) ? target : null;
    }

    private T Repeat<T>(RegistryRequest request, Func<T> attempt, CancellationToken cancellation)
    {
        var patience = new Patience(options.Retry);
        while (true)
        {
            try
            {
                return attempt();
            }
            catch (RegistryException error) when (error.IsTransient && request.IsRepeatable)
            {
                if (!patience.Wait(error.RetryAfter, cancellation))
                {
                    throw;
                }
            }
        }
    }

    private HttpResponseMessage SendOnce(RegistryServer server, RegistryRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var origin = server.Base(cancellation);
        for (var proofs = 1; ; proofs++)
        {
            var isOwn = Exchange.IsSamePlace(request.Address, origin);
            AuthenticationHeaderValue? authorization = isOwn ? server.Authenticator.Authorize(origin, request.Scope, cancellation) : null;
            var (response, isFromOrigin) = exchange.Send(server.Authority, origin, request, authorization, headers, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized
                && isFromOrigin
                && proofs < MostProofs
                && Learn(server, request, response, authorization, proofs > 1, cancellation))
            {
                response.Dispose();
                continue;
            }

            throw Refusal.Read(response, request, options, cancellation);
        }
    }

    private static bool Learn(
        RegistryServer server,
        RegistryRequest request,
        HttpResponseMessage response,
        AuthenticationHeaderValue? used,
        bool isFresh,
        CancellationToken cancellation) =>
        server.Authenticator.Learn(ChallengeParser.Parse(Refusal.Values(response, "WWW-Authenticate")), request.Scope, used, isFresh, cancellation);
}
