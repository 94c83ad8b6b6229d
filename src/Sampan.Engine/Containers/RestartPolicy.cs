namespace Sampan.Engine.Containers;

/// <summary>Restart policy.</summary>
public sealed record RestartPolicy
{
    /// <summary>no, on-failure, always or unless-stopped.</summary>
    public string Name { get; set; } = "no";

    /// <summary>Retries of on-failure; 0 is without end.</summary>
    public int MaximumRetryCount { get; init; }
}
