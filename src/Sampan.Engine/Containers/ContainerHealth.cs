namespace Sampan.Engine.Containers;

/// <summary>How a container is: docker's Health (Engine API).</summary>
public sealed record ContainerHealth
{
    /// <summary>A word of <see cref="HealthStatus"/>.</summary>
    public string Status { get; set; } = HealthStatus.Starting;

    /// <summary>Failures in a row.</summary>
    public int FailingStreak { get; init; }

    /// <summary>The last five results, oldest first.</summary>
    public IReadOnlyList<HealthResult> Log { get; set; } = [];
}
