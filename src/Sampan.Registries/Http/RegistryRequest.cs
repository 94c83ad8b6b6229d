using Sampan.Registries.Tokens;

namespace Sampan.Registries.Http;

/// <summary>One question to a registry.</summary>
/// <param name="Method">Its verb.</param>
/// <param name="Address">Where to.</param>
/// <param name="Scope">What a token must allow.</param>
internal sealed record RegistryRequest(HttpMethod Method, Uri Address, Scope Scope)
{
    /// <summary>Media types that are understood; null for whatever comes.</summary>
    public string? Accept { get; init; }

    /// <summary>The first byte wanted.</summary>
    public long Offset { get; init; }

    /// <summary>Makes the body, once for each time it is sent; what it makes calls its argument whenever bytes have left, with true for the last.</summary>
    public Func<Action<bool>, HttpContent>? Content { get; init; }

    /// <summary>How long the answer may take when the question is there; null for as long as any.</summary>
    public TimeSpan? AnswerTime { get; init; }

    /// <summary>Asking twice does no more than asking once.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>As Go's net/url has it in errors, without what a query may hold of secrets: Get "https://host/path".</summary>
    public override string ToString()
    {
        var verb = Method.Method;
        return $"{verb[0]}{verb[1..].ToLowerInvariant()} \"{Address.GetLeftPart(UriPartial.Path)}\"";
    }
}
