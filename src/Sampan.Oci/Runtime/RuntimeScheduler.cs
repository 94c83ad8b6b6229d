namespace Sampan.Oci.Runtime;

/// <summary>Scheduling attributes (sched_setattr(2)).</summary>
public sealed record RuntimeScheduler
{
    /// <summary>SCHED_ name.</summary>
    public string Policy { get; set; } = "";

    /// <summary>Nice value.</summary>
    public int Nice { get; init; }

    /// <summary>Static priority.</summary>
    public int Priority { get; init; }

    /// <summary>SCHED_FLAG_ names.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Nanoseconds, SCHED_DEADLINE.</summary>
    public ulong Runtime { get; init; }

    /// <summary>Nanoseconds, SCHED_DEADLINE.</summary>
    public ulong Deadline { get; init; }

    /// <summary>Nanoseconds, SCHED_DEADLINE.</summary>
    public ulong Period { get; init; }
}
