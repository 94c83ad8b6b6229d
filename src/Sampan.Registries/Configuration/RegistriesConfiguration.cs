using Sampan.Images;
using Sampan.Linux;

namespace Sampan.Registries.Configuration;

/// <summary>Where images are looked for, by what they are called.</summary>
/// <param name="rules">The rules; the one with the longest prefix counts.</param>
/// <param name="source">The file they are from, for messages.</param>
/// <param name="insecure">Registries, as references name them, that are insecure whatever the rules say.</param>
internal sealed class RegistriesConfiguration(IReadOnlyList<RegistryRule> rules, string source, IReadOnlyList<string>? insecure = null)
{
    private readonly IReadOnlyList<string> _insecure = insecure ?? [];

    public IReadOnlyList<RegistryRule> Rules { get; } = rules;

    /// <summary>The places to pull an image from, in order.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>Mirrors, then the registry itself.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: the registry is blocked.</exception>
    public IReadOnlyList<Endpoint> ForPull(ImageReference reference)
    {
        var rule = Find(reference.Name);
        List<Endpoint> endpoints = [];
        foreach (var mirror in rule?.Mirrors ?? [])
        {
            if (reference.Digest is not null ? mirror.Digests : mirror.Tags)
            {
                endpoints.Add(Rewrite(rule!, reference.Name, mirror.Location, mirror.Insecure));
            }
        }

        endpoints.Add(ForPush(reference));
        return endpoints;
    }

    /// <summary>The place to push an image to: never a mirror.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>The place.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: the registry is blocked.</exception>
    public Endpoint ForPush(ImageReference reference)
    {
        var rule = Find(reference.Name);
        if (rule is { Blocked: true })
        {
            throw new SampanException(ErrorKind.Forbidden, $"registry {rule.Prefix} is blocked in {source}");
        }

        var isInsecure = rule is { Insecure: true } || _insecure.Contains(reference.Domain);
        return rule is null ? Split(reference.Name, isInsecure) : Rewrite(rule, reference.Name, rule.Location, isInsecure);
    }

    /// <summary>The server of a registry's own API, as login and search ask it.</summary>
    /// <param name="registry">host[:port].</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: the registry is blocked.</exception>
    public bool IsInsecure(string registry)
    {
        var rule = Find(registry);
        return rule is { Blocked: true }
            ? throw new SampanException(ErrorKind.Forbidden, $"registry {rule.Prefix} is blocked in {source}")
            : rule is { Insecure: true } || _insecure.Contains(registry) || RegistryHost.IsLoopback(registry);
    }

    /// <summary>The key that an image must be signed by.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>Path of a PEM file; null when it need not be signed.</returns>
    public string? SignatureKeyOf(ImageReference reference) => Find(reference.Name)?.SignatureKey;

    private static Endpoint Rewrite(RegistryRule rule, string name, string? location, bool insecure) =>
        Split(location is null ? name : location + name[rule.MatchLength(name)..], insecure);

    private static Endpoint Split(string name, bool insecure)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var registry = name[..slash];
        return new(registry, name[(slash + 1)..], insecure || RegistryHost.IsLoopback(registry));
    }

    private RegistryRule? Find(string name)
    {
        RegistryRule? best = null;
        foreach (var rule in Rules)
        {
            // Among wildcards *.a.example.com is closer than *.example.com, though both stand for the whole host.
            if (rule.MatchLength(name) >= 0 && (best is null || rule.Prefix.Length > best.Prefix.Length))
            {
                best = rule;
            }
        }

        return best;
    }
}
