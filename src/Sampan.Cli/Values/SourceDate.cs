using System.Globalization;
using Sampan.Linux;

namespace Sampan.Cli.Values;

/// <summary>SOURCE_DATE_EPOCH: the time that what is made from something shall have (reproducible-builds.org/specs/source-date-epoch).</summary>
internal static class SourceDate
{
    // The year 9999, which is the last that a configuration can name.
    private const long Latest = 253_402_300_799;

    /// <summary>Reads it.</summary>
    /// <returns>The time; null when it is not set.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no whole number of seconds since 1970.</exception>
    public static DateTimeOffset? Read() => Parse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"));

    /// <summary>Reads a value of it.</summary>
    /// <param name="text">Seconds since 1970; null or empty is none.</param>
    /// <returns>The time, or null.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no whole number of seconds since 1970.</exception>
    public static DateTimeOffset? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw SampanException.InvalidArgument($"invalid SOURCE_DATE_EPOCH \"{text}\": whole seconds since 1970 are expected");
    }
}
