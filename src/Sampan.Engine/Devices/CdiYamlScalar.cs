using System.Globalization;
using System.Text.Json;

namespace Sampan.Engine.Devices;

/// <summary>What a text without quotes is: the core schema of YAML 1.2 (section 10.3), and 1.1's octal numbers, which modes of files are written in.</summary>
internal static class CdiYamlScalar
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="text">The text.</param>
    public static void Write(Utf8JsonWriter writer, string text)
    {
        switch (text)
        {
            case "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                break;
            case "true" or "True" or "TRUE":
                writer.WriteBooleanValue(true);
                break;
            case "false" or "False" or "FALSE":
                writer.WriteBooleanValue(false);
                break;
            default:
                if (TryInteger(text, out var number))
                {
                    writer.WriteNumberValue(number);
                }
                else if (IsDecimal(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
                {
                    writer.WriteNumberValue(real);
                }
                else
                {
                    writer.WriteStringValue(text);
                }

                break;
        }
    }

    private static bool TryInteger(string text, out long number)
    {
        var signed = text[0] is '-' or '+';
        var digits = text.AsSpan(signed ? 1 : 0);
        number = 0;
        if (digits.StartsWith("0x"))
        {
            return !signed && long.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        if (digits.Length > 1 && digits[0] == '0')
        {
            return !signed && TryOctal(digits[1] == 'o' ? digits[2..] : digits[1..], out number);
        }

        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || number > long.MaxValue >> 3)
            {
                return false;
            }

            number = (number << 3) | (long)(digit - '0');
        }

        return !digits.IsEmpty;
    }

    private static bool IsDecimal(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character) && character is not ('.' or 'e' or 'E' or '+' or '-'))
            {
                return false;
            }
        }

        return char.IsAsciiDigit(text[^1]) && text.AsSpan().ContainsAny('.', 'e', 'E');
    }
}
