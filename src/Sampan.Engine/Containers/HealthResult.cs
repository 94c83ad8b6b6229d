namespace Sampan.Engine.Containers;

/// <summary>What one health check found.</summary>
public sealed record HealthResult
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary>0 is healthy; -1 where it could not be run or took too long.</summary>
    public int ExitCode { get; init; }

    /// <summary>What it wrote, at most 4096 bytes.</summary>
    public string Output { get; set; } = "";
}
