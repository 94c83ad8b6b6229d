using System.Globalization;

namespace Sampan.Cli.Formatting;

/// <summary>Points in time as docker's client prints them.</summary>
internal static class Timestamp
{
    /// <summary>Go's default form in the caller's zone: "2026-01-02 15:04:05 +0800 CST". Loads the time zone: not for hot paths.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The text.</returns>
    public static string Local(DateTimeOffset time)
    {
        var zone = TimeZoneInfo.Local;
        var local = TimeZoneInfo.ConvertTime(time, zone);
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        var name = local.Offset == TimeSpan.Zero ? "UTC" : offset;
        return local.ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture) + offset + " " + name;
    }

    /// <summary>RFC 3339 in UTC with nanoseconds, trailing zeros dropped: the form of docker's JSON.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The text.</returns>
    public static string Rfc3339(DateTimeOffset time)
    {
        var text = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
        return text + "Z";
    }
}
