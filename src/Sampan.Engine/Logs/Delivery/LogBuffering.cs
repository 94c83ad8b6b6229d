namespace Sampan.Engine.Logs.Delivery;

/// <summary>What happens to lines a receiver does not take in time: options mode and max-buffer-size.</summary>
/// <param name="DropsOldest">mode=non-blocking: the container is never held back for the log.</param>
/// <param name="MaximumBytes">Bytes that wait before the oldest go.</param>
internal sealed record LogBuffering(bool DropsOldest, long MaximumBytes)
{
    private const long StandardBytes = 1 << 20;

    /// <param name="options">Options of the log.</param>
    /// <exception cref="Linux.SampanException">InvalidArgument: the size makes no sense.</exception>
    public static LogBuffering From(IReadOnlyDictionary<string, string> options) => new(
        options.GetValueOrDefault("mode", "") == "non-blocking",
        options.TryGetValue("max-buffer-size", out var size) ? LogLimitOptions.ParseMemory("max-buffer-size", size) : StandardBytes);
}
