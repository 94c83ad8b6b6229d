namespace Sampan.Cli.Formatting;

/// <summary>Durations for people in docker's words: "3 seconds", "About a minute", "2 hours", "5 weeks".</summary>
internal static class HumanDuration
{
    /// <summary>The words for a duration.</summary>
    /// <param name="duration">The duration; a negative one counts as none.</param>
    /// <returns>The words, without "ago".</returns>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var minutes = (long)duration.TotalMinutes;
        var hours = (long)(duration.TotalHours + 0.5);
        return seconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            _ => minutes switch
            {
                1 => "About a minute",
                < 60 => $"{minutes} minutes",
                _ => Long(hours),
            },
        };
    }

    private static string Long(long hours) => hours switch
    {
        1 => "About an hour",
        < 48 => $"{hours} hours",
        < 24 * 7 * 2 => $"{hours / 24} days",
        < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
        < 24 * 365 * 2 => $"{hours / 24 / 30} months",
        _ => $"{hours / 24 / 365} years",
    };
}
