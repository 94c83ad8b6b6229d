using System.Net;
using Sampan.Images;
using Sampan.Linux;

namespace Sampan.Registries.Http;

/// <summary>A registry did not do what it was asked. Within this library; who calls it gets a <see cref="SampanException"/>.</summary>
internal sealed class RegistryException(ErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public const string Denied = "DENIED";
    public const string Unauthorized = "UNAUTHORIZED";
    public const string ManifestUnknown = "MANIFEST_UNKNOWN";
    public const string NameUnknown = "NAME_UNKNOWN";

    public ErrorKind Kind { get; } = kind;

    /// <summary>The answer's status; 0 when none came.</summary>
    public HttpStatusCode Status { get; init; }

    /// <summary>The error's code, as the distribution specification names it; null when the answer has none.</summary>
    public string? Code { get; init; }

    /// <summary>Asking again may help.</summary>
    public bool IsTransient { get; init; }

    /// <summary>No connection was made, or none that TLS takes for good: something else may be listening there.</summary>
    public bool IsConnection { get; init; }

    /// <summary>When the registry wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsMissing => Status == HttpStatusCode.NotFound || Code is ManifestUnknown or NameUnknown or "BLOB_UNKNOWN";

    /// <summary>The same, after it was asked for often enough.</summary>
    public RegistryException Final() => new(Kind, Message, this) { Status = Status, Code = Code, IsConnection = IsConnection };

    /// <summary>In docker's words (moby, distribution/errors.go).</summary>
    /// <param name="reference">The image it is about.</param>
    /// <param name="registry">Where logins are for.</param>
    public SampanException ForPull(ImageReference reference, string registry) => Code switch
    {
        Denied => new(ErrorKind.NotFound, $"pull access denied for {reference.FamiliarName}, repository does not exist or may require 'docker login': {Message}", this),
        ManifestUnknown => new(ErrorKind.NotFound, $"manifest for {reference.Familiar} not found: {Message}", this),
        NameUnknown => new(ErrorKind.NotFound, $"repository {reference.FamiliarName} not found: {Message}", this),
        _ => For(registry),
    };

    /// <param name="registry">Where logins are for.</param>
    public SampanException For(string registry) =>
        Code == Unauthorized || (Code is null && Status == HttpStatusCode.Unauthorized)
            ? new(ErrorKind.Forbidden, $"{Message}: log in to {registry}", this)
            : new(Kind, Message, this);
}
