using System.Globalization;

namespace Sampan.Registries.Http;

/// <summary>The header Retry-After: seconds, or a date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    private static readonly string[] DateFormats = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <param name="value">The header; null when there is none.</param>
    /// <param name="now">The time.</param>
    /// <returns>How long to wait, never less than nothing; null when the header says nothing.</returns>
    public static TimeSpan? Parse(string? value, DateTimeOffset now)
    {
        value = value?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (!value.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // More digits than a number holds are for ever.
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < (long)TimeSpan.MaxValue.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.MaxValue;
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;
        if (!DateTimeOffset.TryParseExact(value, DateFormats, CultureInfo.InvariantCulture, styles, out var date))
        {
            return null;
        }

        return date > now ? date - now : TimeSpan.Zero;
    }
}
