namespace Sampan.Registries.Tokens;

/// <summary>
/// What a token is to allow: actions on resources, "repository:library/busybox:pull,push" (distribution, spec/auth/scope.md). Scopes of
/// one resource are one scope, so that requests that ask for the same share a token.
/// </summary>
internal sealed class Scope
{
    private readonly SortedDictionary<string, SortedSet<string>> _actions = new(StringComparer.Ordinal);

    /// <summary>No resource: what a login asks for.</summary>
    public static Scope None { get; } = new();

    public static Scope Pull(string repository) => new Scope().With($"repository:{repository}", "pull");

    public static Scope Push(string repository) => new Scope().With($"repository:{repository}", "pull", "push");

    /// <summary>Pushing to one repository blobs of another.</summary>
    public static Scope Mount(string repository, string from) => Push(repository).With($"repository:{from}", "pull");

    public static Scope Catalog() => new Scope().With("registry:catalog", "*");

    /// <summary>One scope each: the parameter of a request for a token may be given several times.</summary>
    public IEnumerable<string> Texts => _actions.Select(static entry => $"{entry.Key}:{string.Join(',', entry.Value)}");

    /// <summary>All of it, for a key or the body of an OAuth 2 request.</summary>
    public string Text => string.Join(' ', Texts);

    /// <summary>This and what a challenge asks for; a resource may have colons in its name, actions do not.</summary>
    /// <param name="scopes">Scopes with blanks between; null for none.</param>
    public Scope And(string? scopes)
    {
        var merged = new Scope();
        foreach (var text in Texts.Concat((scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var colon = text.LastIndexOf(':');
            if (colon > 0)
            {
                merged.With(text[..colon], text[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return merged;
    }

    public override string ToString() => Text;

    private Scope With(string resource, params ReadOnlySpan<string> actions)
    {
        if (!_actions.TryGetValue(resource, out var known))
        {
            _actions[resource] = known = new(StringComparer.Ordinal);
        }

        foreach (var action in actions)
        {
            known.Add(action);
        }

        return this;
    }
}
