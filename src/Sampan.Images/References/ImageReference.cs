using Sampan.Linux;

namespace Sampan.Images;

/// <summary>
/// The name of an image, normalised as docker does: "busybox" is docker.io/library/busybox:latest (distribution/reference,
/// ParseNormalizedNamed).
/// </summary>
public sealed record ImageReference
{
    /// <summary>The registry that names without one belong to.</summary>
    public const string DefaultDomain = "docker.io";

    private const string OfficialPrefix = "library/";
    private const int LongestName = 255;

    private ImageReference(string domain, string path, string? tag, string? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Registry host, with port where it has one.</summary>
    public string Domain { get; }

    /// <summary>Repository in the registry: library/busybox.</summary>
    public string Path { get; }

    /// <summary>Tag; null only when there is a digest.</summary>
    public string? Tag { get; }

    /// <summary>Digest, as sha256:…, when the reference has one.</summary>
    public string? Digest { get; }

    /// <summary>Registry and repository: docker.io/library/busybox.</summary>
    public string Name => Domain + "/" + Path;

    /// <summary>Registry and repository as docker shows them: busybox.</summary>
    public string FamiliarName => FamiliarPath(Domain, Path);

    /// <summary>The reference as docker shows it: busybox:latest.</summary>
    public string Familiar => FamiliarName + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>Reads a reference; without tag and digest it means "latest".</summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, in docker's words: "invalid reference format".</exception>
    public static ImageReference Parse(string text) => TryParse(text, out var error) ?? throw SampanException.InvalidArgument(error);

    /// <summary>Reads a reference, or tells what is wrong with it.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="error">Docker's words for the defect; empty when there is none.</param>
    /// <returns>The reference, or null.</returns>
    public static ImageReference? TryParse(string text, out string error)
    {
        error = $"invalid reference format: \"{text}\"";
        if (IsHexadecimal64(text))
        {
            error = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return null;
        }

        var rest = text;
        string? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
            if (!Content.Digest.IsValid(digest))
            {
                error = $"invalid reference format: digest \"{digest}\" is not sha256 and 64 hexadecimal digits";
                return null;
            }
        }

        var (domain, path) = SplitDomain(rest);
        string? tag = null;
        if (path.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            tag = path[(colon + 1)..];
            path = path[..colon];
        }

        if (path.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            error = $"invalid reference format: repository name ({FamiliarPath(domain, path)}) must be lowercase";
            return null;
        }

        if (!ReferenceGrammar.IsDomain(domain) || !ReferenceGrammar.IsPath(path) || (tag is not null && !ReferenceGrammar.IsTag(tag)))
        {
            return null;
        }

        if (path.Length > LongestName)
        {
            error = "repository name must not be more than 255 characters";
            return null;
        }

        error = "";
        return new(domain, path, tag ?? (digest is null ? "latest" : null), digest);
    }

    /// <summary>Whether a text can be a registry's name.</summary>
    /// <param name="text">host, host:port or [address]:port.</param>
    /// <returns>True when it can.</returns>
    public static bool IsDomain(string text) => ReferenceGrammar.IsDomain(text);

    /// <summary>Whether a text can be a repository's path.</summary>
    /// <param name="text">Components between slashes.</param>
    /// <returns>True when it can.</returns>
    public static bool IsRepository(string text) => ReferenceGrammar.IsPath(text);

    /// <summary>Whether a text can be a tag.</summary>
    /// <param name="text">Up to 128 letters, digits, dots, dashes and underscores.</param>
    /// <returns>True when it can.</returns>
    public static bool IsTag(string text) => ReferenceGrammar.IsTag(text);

    /// <summary>The whole reference: docker.io/library/busybox:latest.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Name + Suffix;

    private static (string Domain, string Path) SplitDomain(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        var isDomain = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.AsSpan().ContainsAnyInRange('A', 'Z');
        var domain = isDomain ? first : DefaultDomain;
        var path = isDomain ? text[(slash + 1)..] : text;
        if (domain == "index.docker.io")
        {
            domain = DefaultDomain;
        }

        return domain == DefaultDomain && !path.Contains('/', StringComparison.Ordinal) ? (domain, OfficialPrefix + path) : (domain, path);
    }

    private static string FamiliarPath(string domain, string path)
    {
        if (domain != DefaultDomain)
        {
            return domain + "/" + path;
        }

        return path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !path.AsSpan(OfficialPrefix.Length).Contains('/')
            ? path[OfficialPrefix.Length..]
            : path;
    }

    private static bool IsHexadecimal64(string text) => text.Length == 64 && Content.Digest.IsHexadecimal(text);
}
