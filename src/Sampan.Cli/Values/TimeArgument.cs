using System.Globalization;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A point in time as docker's --since and --until take it: a timestamp, seconds since 1970, or a duration before now.</summary>
internal static class TimeArgument
{
    private const int TickDigits = 7;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddK", "yyyy-MM-ddTHH", "yyyy-MM-ddTHHK", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a point in time (moby, api/types/time, GetTimestamp). A timestamp without a zone is the host's.</summary>
    /// <param name="text">"2013-01-02T13:23:37Z", "2013-01-02", "1136073600.000000001", "42m".</param>
    /// <param name="now">What a duration is relative to.</param>
    /// <returns>The time, or null when the text is none of these.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text != "0" && Duration.TryParse(text, out var ago))
        {
            return ago.Ticks < now.UtcTicks ? now - ago : DateTimeOffset.MinValue;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < 60_000_000_000m)
        {
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }

        return DateTimeOffset.TryParseExact(WithoutNanoseconds(text), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time : null;
    }

    /// <summary>A tick is 100 ns: digits of a second beyond it are cut.</summary>
    private static string WithoutNanoseconds(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = 0;
        while (point >= 0 && point + 1 + digits < text.Length && char.IsAsciiDigit(text[point + 1 + digits]))
        {
            digits++;
        }

        return digits > TickDigits ? text.Remove(point + 1 + TickDigits, digits - TickDigits) : text;
    }
}
