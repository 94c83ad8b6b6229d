using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>When a log is rotated: --log-opt max-size and max-file. Unlike docker's, a log without options does not grow without end.</summary>
/// <param name="MaximumSize">Bytes of one file; <see cref="long.MaxValue"/> is without limit.</param>
/// <param name="MaximumFiles">Files in all, the one being written included.</param>
internal sealed record LogLimits(long MaximumSize, int MaximumFiles)
{
    public static LogLimits Default { get; } = new(10 << 20, 3);

    /// <exception cref="SampanException">InvalidArgument: an option is unknown or has no sense.</exception>
    public static LogLimits From(LogConfig config)
    {
        var limits = Default;
        foreach (var (key, value) in config.Config)
        {
            limits = key switch
            {
                "max-size" => limits with { MaximumSize = ParseSize(value) },
                "max-file" => limits with { MaximumFiles = ParseFiles(value) },

                // What these add to a line, or that old files be compressed, changes nothing of what a reader gets.
                "labels" or "labels-regex" or "env" or "env-regex" or "tag" or "compress" or "mode" or "max-buffer-size" => limits,
                _ => throw SampanException.InvalidArgument($"unknown log opt '{key}' for json-file log driver"),
            };
        }

        return limits;
    }

    private static int ParseFiles(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files > 0
            ? files
            : throw SampanException.InvalidArgument($"max-file cannot be less than 1: '{value}'");

    private static long ParseSize(string value)
    {
        if (value == "-1")
        {
            return long.MaxValue;
        }

        var digits = value.AsSpan().TrimEnd("bB");
        var shift = digits.IsEmpty ? -1 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        digits = shift > 0 ? digits[..^1] : digits;
        return shift >= 0 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1L << 22
            ? number << shift
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && shift == 0
                ? number
                : throw SampanException.InvalidArgument($"invalid value for max-size: '{value}': use a size such as 10m");
    }
}
