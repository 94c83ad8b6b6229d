namespace Sampan.Engine.Logs;

/// <summary>When a log is rotated: --log-opt max-size, max-file and compress.</summary>
/// <param name="MaximumSize">Bytes of one file; <see cref="long.MaxValue"/> is without limit.</param>
/// <param name="MaximumFiles">Files in all, the one being written included.</param>
/// <param name="Compress">Files that were rotated away are packed with gzip.</param>
internal sealed record LogLimits(long MaximumSize, int MaximumFiles, bool Compress = false)
{
    /// <summary>Of json-file. Unlike docker's, a log without options does not grow without end.</summary>
    public static LogLimits Default { get; } = new(10 << 20, 3);

    /// <summary>Of local, and of the copy of a driver that keeps nothing itself: docker's.</summary>
    public static LogLimits Local { get; } = new(20 << 20, 5, Compress: true);
}
