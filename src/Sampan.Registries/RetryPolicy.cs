namespace Sampan.Registries;

/// <summary>How often and how long a registry that stumbles is asked again: after 429 and 5xx, and where a connection broke.</summary>
public sealed record RetryPolicy
{
    /// <summary>How often something is tried that makes no progress. Docker tries five times.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The first wait; each further one is twice as long, and a fifth more or less by chance, so that not all come back at once.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest single wait that is not the registry's own wish (Retry-After).</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>All waits for one thing together. A registry that wants more gets its error reported at once.</summary>
    public TimeSpan LongestTotal { get; init; } = TimeSpan.FromSeconds(60);
}
