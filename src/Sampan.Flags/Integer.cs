using System.Globalization;

namespace Sampan.Flags;

/// <summary>Whole numbers as docker's client reads them: decimal, 0x, 0o or 0b, 64 bits, Go's words for the errors.</summary>
public static class Integer
{
    /// <summary>Reads a number.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ValueException">Not a number, or more than 64 bits.</exception>
    public static long Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            && value >= 0)
        {
            return value;
        }

        throw new ValueException($"strconv.ParseInt: parsing \"{text}\": {(IsDecimal(text) ? "value out of range" : "invalid syntax")}");
    }

    /// <summary>Reads a number of 32 bits.</summary>
    /// <inheritdoc cref="Parse"/>
    public static int Parse32(string text)
    {
        var value = Parse(text);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new ValueException($"strconv.ParseInt: parsing \"{text}\": value out of range");
    }

    /// <summary>Decimal digits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    public static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        var digits = text.Length > 0 && text[0] is '-' or '+' ? text[1..] : text;
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
