using System.Buffers;
using System.Globalization;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Commits;

/// <summary>Arguments of HEALTHCHECK: NONE, or options, CMD and a command.</summary>
internal static class HealthCheckWords
{
    private static readonly SearchValues<char> DurationDigits = SearchValues.Create("0123456789.");

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: unknown option or form.</exception>
    public static ImageHealthCheck Parse(string text, string line)
    {
        var check = new ImageHealthCheck();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            var end = text.AsSpan().IndexOfAny(' ', '\t');
            var option = end < 0 ? text : text[..end];
            text = end < 0 ? "" : text[end..].Trim();
            Set(check, option, line);
        }

        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        var form = (blank < 0 ? text : text[..blank]).ToUpperInvariant();
        var rest = blank < 0 ? "" : text[blank..].Trim();
        check.Test = form switch
        {
            "NONE" when rest.Length == 0 => ["NONE"],
            "CMD" when rest.Length > 0 => ConfigChanges.TryJson(rest) is { } words ? ["CMD", .. words] : ["CMD-SHELL", rest],
            "CMD" => throw ConfigChanges.Bad(line, "missing command after HEALTHCHECK CMD"),
            _ => throw ConfigChanges.Bad(line, $"unknown type {form} in HEALTHCHECK (try CMD)"),
        };
        return check;
    }

    private static void Set(ImageHealthCheck check, string option, string line)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var value = equals < 0 ? "" : option[(equals + 1)..];
        switch (equals < 0 ? option : option[..equals])
        {
            case "--interval":
                check.Interval = Duration(value, line);
                break;
            case "--timeout":
                check.Timeout = Duration(value, line);
                break;
            case "--start-period":
                check.StartPeriod = Duration(value, line);
                break;
            case "--start-interval":
                check.StartInterval = Duration(value, line);
                break;
            case "--retries" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var retries):
                check.Retries = retries;
                break;
            default:
                throw ConfigChanges.Bad(line, $"unknown flag: {option}");
        }
    }

    /// <summary>Nanoseconds of a duration as Go writes it: 1h30m, 1.5s, 500ms.</summary>
    private static long Duration(string text, string line)
    {
        decimal total = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(DurationDigits);
            var unit = digits < 0 ? default : rest[digits..];
            var next = unit.IndexOfAny(DurationDigits);
            unit = next < 0 ? unit : unit[..next];
            decimal scale = unit switch { "ns" => 1, "us" or "µs" => 1_000, "ms" => 1_000_000, "s" => 1_000_000_000, "m" => 60_000_000_000, "h" => 3_600_000_000_000, _ => 0 };
            if (digits < 1 || scale == 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1_000_000_000)
            {
                throw ConfigChanges.Bad(line, $"invalid duration \"{text}\"");
            }

            total += number * scale;
            rest = rest[(digits + unit.Length)..];
        }

        return total is > 0 and <= long.MaxValue ? (long)total : throw ConfigChanges.Bad(line, $"invalid duration \"{text}\"");
    }
}
