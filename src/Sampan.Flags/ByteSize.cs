using System.Buffers;
using System.Globalization;

namespace Sampan.Flags;

/// <summary>Sizes of memory as docker writes them: a number and a unit of 1024 (b, k, m, g, t, p), "100m", "0.5g", "64MiB".</summary>
public static class ByteSize
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789. ");

    /// <summary>Reads a size.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="ValueException">No number, a negative one, an unknown unit, or more than 64 bits.</exception>
    public static long Parse(string text)
    {
        var end = text.AsSpan().LastIndexOfAny(NumberCharacters);
        if (end < 0)
        {
            throw new ValueException($"invalid size: '{text}'");
        }

        var number = text.AsSpan(0, text[end] == ' ' ? end : end + 1);
        var unit = text.AsSpan(end + 1);
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            throw new ValueException($"invalid size: '{text}'");
        }

        var bytes = value * Multiplier(unit);
        return bytes < long.MaxValue ? (long)bytes : throw new ValueException($"invalid size: '{text}'");
    }

    /// <summary>Reads a size, or -1 for "without limit" (--memory-swap).</summary>
    /// <inheritdoc cref="Parse"/>
    public static long ParseOrUnlimited(string text) => text == "-1" ? -1 : Parse(text);

    private static double Multiplier(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty)
        {
            return 1;
        }

        var power = char.ToLowerInvariant(unit[0]) switch
        {
            'b' => 0,
            'k' => 1,
            'm' => 2,
            'g' => 3,
            't' => 4,
            'p' => 5,
            _ => -1,
        };
        var tail = unit[1..];
        var known = tail.IsEmpty || (power > 0 && (tail.Equals("b", StringComparison.OrdinalIgnoreCase) || tail.Equals("ib", StringComparison.OrdinalIgnoreCase)));
        return power >= 0 && known ? Math.Pow(1024, power) : throw new ValueException($"invalid suffix: '{unit}'");
    }
}
