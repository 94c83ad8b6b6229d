using System.Globalization;
using System.Text;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Go's fmt.Sprintf: the verbs v s q d x X o b c t f F e E g G and %, with flags, width and precision.</summary>
internal static class TemplatePrintf
{
    /// <summary>Formats values.</summary>
    /// <param name="format">The format.</param>
    /// <param name="arguments">The values, from the second on.</param>
    /// <returns>The text; mistakes are shown in it, as Go shows them.</returns>
    public static string Format(string format, IReadOnlyList<object?> arguments)
    {
        var output = new StringBuilder();
        var next = 1;
        for (var at = 0; at < format.Length;)
        {
            if (format[at] != '%')
            {
                output.Append(format[at++]);
                continue;
            }

            at++;
            var directive = Directive.Read(format, ref at, arguments, ref next);
            if (at == format.Length)
            {
                output.Append("%!(NOVERB)");
                break;
            }

            var verb = format[at++];
            if (verb == '%')
            {
                output.Append('%');
            }
            else if (next >= arguments.Count)
            {
                output.Append("%!").Append(verb).Append("(MISSING)");
            }
            else
            {
                output.Append(directive.Pad(Value(verb, arguments[next++], directive)));
            }
        }

        AppendExtra(output, arguments, next);
        return output.ToString();
    }

    private static void AppendExtra(StringBuilder output, IReadOnlyList<object?> arguments, int next)
    {
        if (next >= arguments.Count)
        {
            return;
        }

        output.Append("%!(EXTRA ");
        for (var i = next; i < arguments.Count; i++)
        {
            output.Append(i == next ? "" : ", ").Append(Typed(arguments[i]));
        }

        output.Append(')');
    }

    private static string Typed(object? value) => value is null ? "<nil>" : $"{TemplateValue.TypeName(value)}={TemplateValue.Print(value)}";

    private static string Value(char verb, object? value, Directive directive) => (verb, value) switch
    {
        ('v', TemplateList or TemplateMap or null) => TemplateValue.Print(value),
        (_, TemplateList list) => "[" + string.Join(' ', list.Items.Select(item => Value(verb, item, directive))) + "]",
        (_, TemplateMap map) => "map[" + string.Join(' ', map.Keys.Select(key => Member(verb, map, key, directive))) + "]",
        ('v', long number) => directive.Signed(number.ToString(CultureInfo.InvariantCulture)),
        ('v', double real) when directive.Precision < 0 => directive.Signed(TemplateValue.Print(real)),
        ('v' or 's', string text) => directive.Cut(text),
        ('v' or 't', bool) => TemplateValue.Print(value),
        ('q', string text) => directive.Alternative && !text.Contains('`', StringComparison.Ordinal) ? $"`{text}`" : Quotation.Of(directive.Cut(text)),
        ('q', long number) when Rune.TryCreate((int)Math.Clamp(number, -1, int.MaxValue), out var rune) => Quotation.Of(rune.ToString(), '\''),
        ('c', long number) => Rune.TryCreate((int)Math.Clamp(number, -1, int.MaxValue), out var rune) ? rune.ToString() : "\ufffd",
        ('U', long number) => string.Create(CultureInfo.InvariantCulture, $"U+{number:X4}"),
        ('d', long number) => directive.Signed(number.ToString(CultureInfo.InvariantCulture)),
        ('x', long number) => directive.Based(number, 16, "0x"),
        ('X', long number) => directive.Based(number, 16, "0x").ToUpperInvariant(),
        ('o', long number) => directive.Based(number, 8, "0"),
        ('b', long number) => directive.Based(number, 2, "0b"),
        ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('X', string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        ('f' or 'F' or 'e' or 'E' or 'g' or 'G' or 'v', double real) => directive.Signed(Real(verb, real, directive.Precision)),
        _ => $"%!{verb}({Typed(value)})",
    };

    private static string Member(char verb, TemplateMap map, string key, Directive directive)
    {
        map.TryGet(key, out var value);
        return $"{Value(verb, key, directive)}:{Value(verb, value, directive)}";
    }

    private static string Real(char verb, double real, int precision)
    {
        if (verb is 'f' or 'F')
        {
            return real.ToString("F" + Digits(precision < 0 ? 6 : precision), CultureInfo.InvariantCulture);
        }

        if (verb is 'e' or 'E')
        {
            var text = real.ToString("0." + new string('0', precision < 0 ? 6 : precision) + (verb == 'e' ? "e+00" : "E+00"), CultureInfo.InvariantCulture);
            return precision == 0 ? text.Replace(".", "", StringComparison.Ordinal) : text;
        }

        return precision < 0 ? TemplateValue.Print(real) : real.ToString("G" + Digits(Math.Max(1, precision)), CultureInfo.InvariantCulture);
    }

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What stands between the percent sign and the verb.</summary>
    private readonly record struct Directive(bool Left, bool Plus, bool Blank, bool Zero, bool Alternative, int Width, int Precision)
    {
        public static Directive Read(string format, ref int at, IReadOnlyList<object?> arguments, ref int next)
        {
            var directive = new Directive(false, false, false, false, false, 0, -1);
            for (; at < format.Length && format[at] is '-' or '+' or ' ' or '0' or '#'; at++)
            {
                directive = format[at] switch
                {
                    '-' => directive with { Left = true },
                    '+' => directive with { Plus = true },
                    ' ' => directive with { Blank = true },
                    '0' => directive with { Zero = true },
                    _ => directive with { Alternative = true },
                };
                if (at + 1 == format.Length)
                {
                    at++;
                    return directive;
                }
            }

            directive = directive with { Width = Number(format, ref at, arguments, ref next) };
            if (directive.Width < 0)
            {
                directive = directive with { Left = true, Width = -directive.Width };
            }

            if (at < format.Length && format[at] == '.')
            {
                at++;
                directive = directive with { Precision = Math.Max(0, Number(format, ref at, arguments, ref next)) };
            }

            return directive;
        }

        public string Pad(string text)
        {
            var missing = Width - text.EnumerateRunes().Count();
            if (missing <= 0)
            {
                return text;
            }

            if (Left)
            {
                return text + new string(' ', missing);
            }

            var sign = Zero && text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
            return Zero ? text[..sign] + new string('0', missing) + text[sign..] : new string(' ', missing) + text;
        }

        public string Cut(string text) => Precision < 0 ? text : string.Concat(text.EnumerateRunes().Take(Precision).Select(static rune => rune.ToString()));

        public string Signed(string number) => number[0] == '-' ? number : Plus ? "+" + number : Blank ? " " + number : number;

        public string Based(long number, int radix, string prefix)
        {
            var digits = new StringBuilder();
            var rest = number < 0 ? 0 - (ulong)number : (ulong)number;
            do
            {
                digits.Insert(0, "0123456789abcdef"[(int)(rest % (ulong)radix)]);
                rest /= (ulong)radix;
            }
            while (rest > 0);
            return Signed((number < 0 ? "-" : "") + (Alternative ? prefix : "") + digits);
        }

        private static int Number(string format, ref int at, IReadOnlyList<object?> arguments, ref int next)
        {
            if (at < format.Length && format[at] == '*')
            {
                at++;
                return next < arguments.Count && arguments[next++] is long width and > -1_000_000 and < 1_000_000 ? (int)width : 0;
            }

            var number = 0;
            for (; at < format.Length && char.IsAsciiDigit(format[at]) && number < 1_000_000; at++)
            {
                number = (number * 10) + (format[at] - '0');
            }

            return number;
        }
    }
}
