namespace Sampan.Registries.Configuration;

/// <summary>What is configured for names that begin alike (containers-registries.conf(5), "registry").</summary>
internal sealed record RegistryRule
{
    private const string Wildcard = "*.";

    /// <summary>host[:port][/path], or *.domain.</summary>
    public required string Prefix { get; init; }

    /// <summary>What takes the prefix's place; the prefix itself when there is none.</summary>
    public string? Location { get; init; }

    public bool Insecure { get; init; }

    public bool Blocked { get; init; }

    /// <summary>The file of the public key that images must be signed by; null for none.</summary>
    public string? SignatureKey { get; init; }

    public IReadOnlyList<RegistryMirror> Mirrors { get; init; } = [];

    /// <summary>How much of a name the prefix stands for.</summary>
    /// <param name="name">host[:port]/path.</param>
    /// <returns>A length, or -1 when the rule is not for this name.</returns>
    public int MatchLength(string name)
    {
        if (Prefix.StartsWith(Wildcard, StringComparison.Ordinal))
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var host = slash < 0 ? name : name[..slash];

            // *.example.com is for hosts below example.com, not for itself; ports are part of the rule.
            return host.Length > Prefix.Length - 1 && host.EndsWith(Prefix[1..], StringComparison.Ordinal) ? host.Length : -1;
        }

        return name.StartsWith(Prefix, StringComparison.Ordinal) && (name.Length == Prefix.Length || name[Prefix.Length] == '/') ? Prefix.Length : -1;
    }
}
