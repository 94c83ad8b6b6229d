namespace Sampan.Registries.Tokens;

/// <summary>One way to prove who one is that a server names (RFC 9110, section 11.6.1).</summary>
/// <param name="Scheme">In small letters: basic, bearer.</param>
/// <param name="Parameters">By name, in small letters.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string name] => Parameters.TryGetValue(name, out var value) ? value : null;
}
