namespace Sampan.Registries.Tokens;

/// <summary>Tokens by what they allow, as long as they are good.</summary>
/// <param name="clock">Tells the time; only how much passes matters, so that a wrong clock does no harm.</param>
internal sealed class TokenCache(TimeProvider clock)
{
    // A token that is about to end would end on the way.
    private const double UsedShare = 0.9;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    private readonly Dictionary<string, (string Token, long Since, TimeSpan Life)> _tokens = new(StringComparer.Ordinal);

    public string? Find(string key) =>
        _tokens.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.Since) < entry.Life ? entry.Token : null;

    /// <param name="key">What it is for.</param>
    /// <param name="token">The token.</param>
    /// <param name="seconds">Its life as the server says: less than a minute is taken for a minute (distribution, spec/auth/token.md).</param>
    /// <param name="since">When it was asked for, as the clock's time stamp.</param>
    public void Put(string key, string token, long? seconds, long since)
    {
        var life = TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, (long)ShortestLife.TotalSeconds, (long)LongestLife.TotalSeconds));
        _tokens[key] = (token, since, life * UsedShare);
    }

    /// <summary>Forgets a token that was refused.</summary>
    public void Drop(string key, string token)
    {
        if (_tokens.TryGetValue(key, out var entry) && entry.Token == token)
        {
            _tokens.Remove(key);
        }
    }
}
