using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Registries.Configuration;
using Sampan.Registries.Http;
using Sampan.Registries.Searching;
using Sampan.Registries.Tokens;

namespace Sampan.Registries;

/// <content>Searching.</content>
public sealed partial class RegistryClient
{
    private const int MostResults = 100;
    private const int LongestAnswer = 4 << 20;

    /// <summary>Searches a registry as docker search does: /v1/search of Docker Hub's index, or of the registry that the term names.</summary>
    /// <param name="term">What to look for, [host[:port]/]words.</param>
    /// <param name="limit">Most results, 1 to 100.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was found, in the registry's order.</returns>
    /// <exception cref="SampanException">The registry refuses, does not answer, or has no search.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<SearchResult> Search(string term, int limit = 25, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > MostResults)
        {
            throw SampanException.InvalidArgument(string.Create(CultureInfo.InvariantCulture, $"limit {limit} is outside the range of [1, {MostResults}]"));
        }

        if (term.Contains("://", StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"invalid repository name: repository name ({term}) should not have a scheme");
        }

        var (registry, words) = SplitTerm(term);
        var server = new RegistryServer(registry, _configuration.IsInsecure(registry), _exchange, _ => null, _options) { Authority = RegistryHost.Index(registry) };
        try
        {
            var login = _credentials.Find(registry, cancellation);
            var origin = server.Base(cancellation);
            var query = string.Create(CultureInfo.InvariantCulture, $"/v1/search?q={Uri.EscapeDataString(words)}&n={limit}");
            var request = new RegistryRequest(HttpMethod.Get, new(origin, query), Scope.None);

            // Version 1 knows no challenge: who has a login shows it.
            AuthenticationHeaderValue? proof = login is { HasPassword: true }
                ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")))
                : null;
            var (response, _) = _exchange.Send(server.Authority, origin, request, proof, [], cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal.Read(response, request, _options, cancellation);
            }

            using (response)
            {
                var body = BodyReader.Read(response, LongestAnswer, _options.Stall, request, cancellation);
                var document = Pages.Parse(new(response.StatusCode, body, request.Address), SearchJson.SearchDocument);
                return [.. (document.Results ?? []).Where(static item => item.Name is not null).Select(item => Result(item, registry))];
            }
        }
        catch (RegistryException error)
        {
            throw error.For(registry);
        }
    }

    /// <summary>The repositories of a registry that lists them (distribution, /v2/_catalog).</summary>
    /// <param name="registry">host[:port].</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Their paths.</returns>
    /// <exception cref="SampanException">The registry refuses, or does not answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> ListRepositories(string registry, CancellationToken cancellation = default)
    {
        var host = HostOf(registry);
        var server = Server(new(host, "", _configuration.IsInsecure(host)));
        try
        {
            List<string> repositories = [];
            foreach (var answer in Pages.Walk(_sender, server, new(HttpMethod.Get, server.At("_catalog?n=1000", cancellation), Scope.Catalog()), cancellation))
            {
                repositories.AddRange((Pages.Parse(answer, SearchJson.CatalogDocument).Repositories ?? []).Where(ImageReference.IsRepository));
            }

            return repositories;
        }
        catch (RegistryException error)
        {
            throw error.For(host);
        }
    }

    private static SearchResult Result(SearchItem item, string registry)
    {
        var name = ServerWords.Clean(item.Name!);
        return new(
            registry == RegistryHost.Hub ? name : $"{registry}/{name}",
            ServerWords.Clean(item.Description ?? ""),
            item.StarCount ?? 0,
            item.IsOfficial ?? false,
            item.IsAutomated ?? false);
    }

    // What comes before the first slash is a registry when it looks like a host.
    private static (string Registry, string Words) SplitTerm(string term)
    {
        var slash = term.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : term[..slash];
        return (first.AsSpan().ContainsAny('.', ':') || first == "localhost") && ImageReference.IsDomain(first)
            ? (RegistryHost.IsHub(first) ? RegistryHost.Hub : first, term[(slash + 1)..])
            : (RegistryHost.Hub, term);
    }
}
