using System.Globalization;

namespace Sampan.Cli.Formatting;

/// <summary>Sizes for people: decimal units and three digits, as docker prints them ("4.26MB", "0B", "187MB").</summary>
internal static class HumanSize
{
    private static readonly string[] Decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Units of 1000 and three significant digits.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The text.</returns>
    public static string Format(long bytes) => Format(bytes, 1000, Decimal, 3);

    /// <summary>Units of 1000 and four significant digits, for what changes while one looks.</summary>
    /// <inheritdoc cref="Format(long)"/>
    public static string FormatProgress(long bytes) => Format(bytes, 1000, Decimal, 4);

    /// <summary>Units of 1024 and four significant digits, for memory.</summary>
    /// <inheritdoc cref="Format(long)"/>
    public static string FormatMemory(long bytes) => Format(bytes, 1024, Binary, 4);

    private static string Format(double size, double unit, string[] names, int digits)
    {
        var power = 0;
        while (size >= unit && power < names.Length - 1)
        {
            size /= unit;
            power++;
        }

        // Significant digits, not decimals: 4.26, 42.6, 426.
        var whole = Math.Max(1, ((long)size).ToString(CultureInfo.InvariantCulture).Length);
        var rounded = Math.Round(size, Math.Clamp(digits - whole, 0, 15), MidpointRounding.ToEven);
        return rounded.ToString("0.###", CultureInfo.InvariantCulture) + names[power];
    }
}
