namespace Sampan.Engine.Logs;

/// <summary>One line of a log, or a piece of a line longer than 16 KiB.</summary>
/// <param name="stream">Where it came from.</param>
/// <param name="time">When.</param>
/// <param name="text">The bytes.</param>
/// <param name="details">What the log says beside them; null when it was not asked for.</param>
public readonly ref struct LogEntry(LogStream stream, ReadOnlySpan<byte> time, ReadOnlySpan<byte> text, string? details = null)
{
    /// <summary>Where it came from.</summary>
    public LogStream Stream { get; } = stream;

    /// <summary>When: RFC 3339 in UTC, in ASCII, with as many digits of the second as the log has.</summary>
    public ReadOnlySpan<byte> Time { get; } = time;

    /// <summary>The bytes with their newline; a piece of a longer line has none.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>Labels and variables the log was told to keep (--log-opt labels, env): name=value, escaped, with commas between; null when they were not asked for.</summary>
    public string? Details { get; } = details;
}
