using System.Globalization;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A number of CPUs with a fraction (--cpus), kept in billionths as HostConfig.NanoCpus.</summary>
internal static class CpuCount
{
    /// <summary>Reads a number of CPUs.</summary>
    /// <param name="text">"1.5", ".5", "2".</param>
    /// <returns>Billionths of a CPU.</returns>
    /// <exception cref="ValueException">Not a number, or finer than a billionth.</exception>
    public static long Parse(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite & ~NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var value)
            || Math.Abs(value) > 1_000_000_000m)
        {
            throw new ValueException($"failed to parse {text} as a rational number");
        }

        var nano = value * 1_000_000_000m;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new ValueException("value is too precise");
    }
}
