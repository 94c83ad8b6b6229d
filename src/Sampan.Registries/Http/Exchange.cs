using System.Net;
using System.Net.Http.Headers;
using Sampan.Linux;

namespace Sampan.Registries.Http;

/// <summary>A question and its answer, at the end of redirects. What is a secret goes to the place it is for, and along on no redirect elsewhere.</summary>
internal sealed class Exchange(Transport transport, RegistryOptions options)
{
    private const int MostRedirects = 10;

    /// <param name="registry">host[:port] of the registry it is for.</param>
    /// <param name="origin">The only place <paramref name="authorization"/> and <paramref name="headers"/> go to: scheme, host and port.</param>
    /// <param name="request">The question.</param>
    /// <param name="authorization">Proves who asks; null for nobody.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer, whatever its status, and whether it is from the origin itself.</returns>
    /// <exception cref="RegistryException">No answer came, or a redirect leads where none may.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (HttpResponseMessage Response, bool IsFromOrigin) Send(
        string registry,
        Uri origin,
        RegistryRequest request,
        AuthenticationHeaderValue? authorization,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellation)
    {
        var address = request.Address;
        for (var count = 0; count <= MostRedirects; count++)
        {
            var isOrigin = IsSamePlace(address, origin);
            using var message = Message(request, address);
            if (isOrigin)
            {
                message.Headers.Authorization = authorization;
                foreach (var (name, value) in headers)
                {
                    message.Headers.TryAddWithoutValidation(name, value);
                }
            }

            var response = transport.Send(registry, request, message, cancellation);
            if (!IsRedirect(response, request))
            {
                return (response, isOrigin);
            }

            var location = response.Headers.Location;
            response.Dispose();
            address = Next(request, address, location);
        }

        throw new RegistryException(ErrorKind.Unavailable, $"{request}: stopped after {MostRedirects} redirects");
    }

    public static bool IsSamePlace(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool IsRedirect(HttpResponseMessage response, RegistryRequest request) => response.StatusCode switch
    {
        HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,

        // These turn anything into a GET (RFC 9110, section 15.4): of no use to what uploads.
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head,
        _ => false,
    };

    private static Uri Next(RegistryRequest request, Uri address, Uri? location)
    {
        if (location is null || !Uri.TryCreate(address, location, out var next) || next.Scheme is not ("http" or "https") || next.UserInfo.Length > 0)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"{request}: redirected to no address");
        }

        return address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps
            ? throw new RegistryException(ErrorKind.Unavailable, $"{request}: redirected from HTTPS to plain HTTP at {next.Authority}: refused")
            : next;
    }

    private HttpRequestMessage Message(RegistryRequest request, Uri address)
    {
        var message = new HttpRequestMessage(request.Method, address) { Version = HttpVersion.Version11 };
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (request.Accept is not null)
        {
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        }

        if (request.Offset > 0)
        {
            message.Headers.Range = new(request.Offset, null);
        }

        return message;
    }
}
