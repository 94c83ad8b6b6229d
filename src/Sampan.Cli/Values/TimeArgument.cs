using System.Globalization;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A point in time as docker's --since and --until take it: a timestamp, seconds since 1970, or a duration before now.</summary>
internal static class TimeArgument
{
    /// <summary>Reads a point in time.</summary>
    /// <param name="text">"2013-01-02T13:23:37Z", "2013-01-02", "1136073600.000000001", "42m".</param>
    /// <param name="now">What a duration is relative to.</param>
    /// <returns>The time, or null when the text is none of these.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (Duration.TryParse(text, out var ago))
        {
            return now - ago;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < 100_000_000_000m)
        {
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }

        return text.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time
            : null;
    }
}
