using System.Globalization;
using System.Net;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Http;

/// <summary>Reads why a server did not do what it was asked.</summary>
internal static class Refusal
{
    private const int LongestBody = 64 << 10;

    /// <param name="response">The answer; it is closed.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="options">Patience and clock.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The error.</returns>
    public static RegistryException Read(HttpResponseMessage response, RegistryRequest request, RegistryOptions options, CancellationToken cancellation)
    {
        using (response)
        {
            var status = response.StatusCode;
            var challenges = ChallengeParser.Parse(Values(response, "WWW-Authenticate"));
            var (code, words) = OfChallenge(status, challenges) ?? OfBody(Body(response, request, options, cancellation)) ?? OfStatus(status, request);
            return new(Kind(status, code), words)
            {
                Status = status,
                Code = code,
                IsTransient = IsTransient(status),
                RetryAfter = RetryAfter.Parse(Values(response, "Retry-After").FirstOrDefault(), options.Clock.GetUtcNow()),
            };
        }
    }

    /// <summary>The values of a header as they were sent.</summary>
    public static IEnumerable<string> Values(HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values) ? values : [];

    /// <summary>Statuses by which a server says that it cannot now: RFC 9110, section 15.6, and 429 of RFC 6585.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // RFC 6750, section 3.1, in docker's reading (distribution, registry/client/errors.go).
    private static (string Code, string Words)? OfChallenge(HttpStatusCode status, IReadOnlyList<Challenge> challenges)
    {
        if (status != HttpStatusCode.Unauthorized || challenges.FirstOrDefault(static challenge => challenge.Scheme == "bearer") is not { } bearer)
        {
            return null;
        }

        var words = ServerWords.Clean(bearer["error_description"] ?? "");
        return bearer["error"] switch
        {
            "insufficient_scope" => (RegistryException.Denied, "denied: " + (words.Length > 0 ? words : "requested access to the resource is denied")),
            "invalid_token" => (RegistryException.Unauthorized, "unauthorized: " + (words.Length > 0 ? words : "authentication required")),
            _ => null,
        };
    }

    private static (string? Code, string Words)? OfBody(ErrorDocument? document)
    {
        if (document?.Errors is [var first, ..] && !string.IsNullOrEmpty(first.Code))
        {
            var code = first.Code.ToUpperInvariant();
            var name = ServerWords.Clean(code.ToLowerInvariant().Replace('_', ' '));
            var words = ServerWords.Clean(first.Message ?? "");
            return (code, words.Length > 0 ? $"{name}: {words}" : name);
        }

        var text = ServerWords.Clean(document?.Details ?? document?.Description ?? document?.Message ?? "");
        return text.Length > 0 ? (null, text) : null;
    }

    private static (string? Code, string Words) OfStatus(HttpStatusCode status, RegistryRequest request) => status switch
    {
        HttpStatusCode.Unauthorized => (RegistryException.Unauthorized, "unauthorized: authentication required"),
        HttpStatusCode.Forbidden => (RegistryException.Denied, "denied: requested access to the resource is denied"),
        HttpStatusCode.TooManyRequests => ("TOOMANYREQUESTS", $"toomanyrequests: {request}: the registry takes no more requests for now"),
        _ => (null, string.Create(CultureInfo.InvariantCulture, $"{request}: received unexpected HTTP status: {(int)status} {Name(status)}").TrimEnd()),
    };

    private static ErrorKind Kind(HttpStatusCode status, string? code) => status switch
    {
        _ when code is RegistryException.ManifestUnknown or RegistryException.NameUnknown or "BLOB_UNKNOWN" => ErrorKind.NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ErrorKind.Forbidden,
        HttpStatusCode.NotFound => ErrorKind.NotFound,
        HttpStatusCode.BadRequest => ErrorKind.InvalidArgument,
        _ => ErrorKind.Unavailable,
    };

    private static ErrorDocument? Body(HttpResponseMessage response, RegistryRequest request, RegistryOptions options, CancellationToken cancellation)
    {
        try
        {
            return ErrorJson.ErrorDocument.Parse(BodyReader.Read(response, LongestBody, options.Stall, request, cancellation));
        }
        catch (Exception error) when (error is RegistryException or JsonException)
        {
            // A page for people, or half of one: the status says what there is to say.
            return null;
        }
    }

    // RFC 9110's names: of those the framework gives, the spaces are missing.
    private static string Name(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => "Bad Request",
        HttpStatusCode.NotFound => "Not Found",
        HttpStatusCode.MethodNotAllowed => "Method Not Allowed",
        HttpStatusCode.RequestedRangeNotSatisfiable => "Requested Range Not Satisfiable",
        HttpStatusCode.InternalServerError => "Internal Server Error",
        HttpStatusCode.BadGateway => "Bad Gateway",
        HttpStatusCode.ServiceUnavailable => "Service Unavailable",
        HttpStatusCode.GatewayTimeout => "Gateway Timeout",
        _ => Enum.IsDefined(status) ? status.ToString() : "",
    };
}
