using System.Globalization;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Reads max-size, max-file and compress, and the same of the copy `logs` reads (cache-max-size and so on).</summary>
internal static class LogLimitOptions
{
    /// <param name="options">Options of the log.</param>
    /// <param name="standard">What holds where they say nothing.</param>
    /// <param name="prefix">Before the names: empty or "cache-".</param>
    /// <exception cref="SampanException">InvalidArgument: a value makes no sense.</exception>
    public static LogLimits Read(IReadOnlyDictionary<string, string> options, LogLimits standard, string prefix = "")
    {
        var limits = standard;
        if (options.TryGetValue(prefix + "max-size", out var size))
        {
            limits = limits with { MaximumSize = ParseSize(prefix, size) };
        }

        if (options.TryGetValue(prefix + "max-file", out var files))
        {
            limits = limits with { MaximumFiles = ParseFiles(prefix, files) };
        }

        if (options.TryGetValue(prefix + "compress", out var compress))
        {
            limits = limits with { Compress = LogSwitch.Parse(prefix + "compress", compress) };
            if (limits.Compress && (limits.MaximumFiles < 2 || limits.MaximumSize == long.MaxValue))
            {
                throw SampanException.InvalidArgument($"{prefix}compress cannot be true when {prefix}max-file is less than 2 or {prefix}max-size is not set");
            }
        }

        // Where it was not asked for, packing that cannot be is no error.
        return limits.MaximumFiles < 2 ? limits with { Compress = false } : limits;
    }

    /// <summary>A size with docker's units of 1000: "10m", "1.5kB", "-1" for no limit.</summary>
    /// <param name="option">For the error.</param>
    /// <param name="text">The size.</param>
    /// <exception cref="SampanException">InvalidArgument: not a size.</exception>
    public static long ParseSize(string option, string text) =>
        text == "-1" ? long.MaxValue : TryParse(text, 1000) is { } size and > 0 ? size : throw Invalid(option + "max-size", text);

    /// <summary>A size with units of 1024: max-buffer-size.</summary>
    /// <inheritdoc cref="ParseSize"/>
    public static long ParseMemory(string option, string text) => TryParse(text, 1024) is { } size and > 0 ? size : throw Invalid(option, text);

    private static SampanException Invalid(string option, string text) =>
        SampanException.InvalidArgument($"invalid value for {option}: invalid size: '{text}': use a size such as 10m");

    private static long? TryParse(string text, int unit)
    {
        var digits = text.AsSpan();
        digits = digits.Length > 1 && digits[^1] is 'b' or 'B' ? digits[..^1] : digits;
        digits = digits.Length > 1 && digits[^1] is 'i' or 'I' && char.IsAsciiLetter(digits[^2]) ? digits[..^1] : digits;
        var power = digits.IsEmpty ? 0 : "kmgtp".IndexOf(char.ToLowerInvariant(digits[^1]), StringComparison.Ordinal) + 1;
        digits = power > 0 ? digits[..^1] : digits;
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var size = number * Math.Pow(unit, power);
        return size < long.MaxValue ? (long)size : null;
    }

    private static int ParseFiles(string prefix, string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var files))
        {
            throw SampanException.InvalidArgument($"invalid value for {prefix}max-file: strconv.Atoi: parsing \"{text}\": invalid syntax");
        }

        return files > 0 ? files : throw SampanException.InvalidArgument($"{prefix}max-file cannot be less than 1");
    }
}
