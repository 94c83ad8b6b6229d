namespace Sampan.Engine.Containers;

/// <summary>Docker's words for how a container is.</summary>
public static class HealthStatus
{
    /// <summary>No check has succeeded yet, and not enough have failed.</summary>
    public const string Starting = "starting";

    /// <summary>The last check succeeded, or not enough have failed since.</summary>
    public const string Healthy = "healthy";

    /// <summary>Too many checks failed in a row, or the container does not run.</summary>
    public const string Unhealthy = "unhealthy";
}
