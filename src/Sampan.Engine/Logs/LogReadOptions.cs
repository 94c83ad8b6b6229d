namespace Sampan.Engine.Logs;

/// <summary>Which part of a log is read.</summary>
public sealed record LogReadOptions
{
    /// <summary>Wait for more until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>At most so many lines from the end; null is all.</summary>
    public long? Tail { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Not after this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary><see cref="LogEntry.Details"/> are wanted.</summary>
    public bool Details { get; init; }

    /// <summary>Standard output is wanted.</summary>
    public bool Stdout { get; set; } = true;

    /// <summary>Standard error is wanted.</summary>
    public bool Stderr { get; set; } = true;
}
