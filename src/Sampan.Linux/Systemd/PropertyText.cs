using System.Globalization;
using System.Text;

namespace Sampan.Linux.Systemd;

/// <summary>
/// Unit properties as text, in GVariant's notation: what OCI documents carry in annotations "org.systemd.property.NAME" (runc(8), systemd
/// properties). Values may name their type, by a word ("uint64 5") or a signature ("@t 5"); bare whole numbers are int32.
/// </summary>
public ref struct PropertyText
{
    private const int MicrosecondsPerSecond = 1_000_000;

    private readonly string _name;
    private readonly string _text;
    private ReadOnlySpan<char> _rest;

    private PropertyText(string name, string text)
    {
        _name = name;
        _text = text;
        _rest = text;
    }

    /// <summary>Reads one.</summary>
    /// <param name="name">The property's name. With a lower-case letter before "Sec" at its end it is a time in seconds, and becomes "…USec", which is what systemd takes.</param>
    /// <param name="text">Its value, such as "'inactive-or-failed'", "true", "uint64 500" or "['a.service', 'b.service']".</param>
    /// <returns>The property.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: name or value is not one.</exception>
    public static UnitProperty Read(string name, string text)
    {
        if (name.Length < 3 || name.AsSpan().IndexOfAnyExceptInRange('A', 'z') >= 0 || name.AsSpan().IndexOfAnyInRange('[', '`') >= 0)
        {
            throw SampanException.InvalidArgument($"annotation org.systemd.property.{name}: the name of a property is made of letters, three at least");
        }

        var reader = new PropertyText(name, text);
        var (signature, value) = reader.ReadValue(null);
        reader.SkipBlanks();
        if (!reader._rest.IsEmpty)
        {
            throw reader.Invalid();
        }

        return name.EndsWith("Sec", StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^4..][0])
            ? UnitProperty.Of(name[..^3] + "USec", reader.Microseconds(value))
            : new UnitProperty(name, signature, value);
    }

    private (string Signature, object Value) ReadValue(string? type)
    {
        SkipBlanks();
        if (_rest.IsEmpty)
        {
            throw Invalid();
        }

        switch (_rest[0])
        {
            case '@':
                _rest = _rest[1..];
                return ReadValue(Word());
            case '[':
                return ReadArray(type);
            case '\'' or '"':
                return (type is null or "s" or "o" or "g" ? type ?? "s" : throw Invalid(), Quoted());
        }

        var word = Word();
        return word switch
        {
            "true" or "false" when type is null or "b" => ("b", word == "true"),
            "boolean" => ReadValue("b"),
            "byte" => ReadValue("y"),
            "int16" => ReadValue("n"),
            "uint16" => ReadValue("q"),
            "int32" => ReadValue("i"),
            "uint32" => ReadValue("u"),
            "int64" => ReadValue("x"),
            "uint64" => ReadValue("t"),
            "double" => ReadValue("d"),
            "string" => ReadValue("s"),
            "objectpath" => ReadValue("o"),
            "signature" => ReadValue("g"),
            _ => (type ?? (word.Contains('.', StringComparison.Ordinal) ? "d" : "i"), Number(word, type)),
        };
    }

    // What systemd's properties use of arrays: of strings, of numbers and of bytes.
    private (string Signature, object Value) ReadArray(string? type)
    {
        var element = type is null ? null : type.StartsWith('a') ? type[1..] : throw Invalid();
        var values = new List<object>();
        _rest = _rest[1..];
        SkipBlanks();
        while (!_rest.StartsWith("]"))
        {
            (element, var value) = ReadValue(element);
            values.Add(value);
            SkipBlanks();
            if (_rest.StartsWith(","))
            {
                _rest = _rest[1..];
                SkipBlanks();
            }
            else if (!_rest.StartsWith("]"))
            {
                throw Invalid();
            }
        }

        _rest = _rest[1..];
        return element switch
        {
            "s" => ("as", Array.ConvertAll(values.ToArray(), static value => (string)value)),
            "u" => ("au", Array.ConvertAll(values.ToArray(), static value => (uint)value)),
            "t" => ("at", Array.ConvertAll(values.ToArray(), static value => (ulong)value)),
            "y" => ("ay", Array.ConvertAll(values.ToArray(), static value => (byte)value)),
            _ => throw Invalid(),
        };
    }

    private string Word()
    {
        var end = _rest.IndexOfAny(" \t\n,]");
        var word = (end < 0 ? _rest : _rest[..end]).ToString();
        _rest = end < 0 ? default : _rest[end..];
        return word;
    }

    private string Quoted()
    {
        var quote = _rest[0];
        var text = new StringBuilder();
        for (var index = 1; index < _rest.Length; index++)
        {
            var letter = _rest[index];
            if (letter == quote)
            {
                _rest = _rest[(index + 1)..];
                return text.ToString();
            }

            if (letter == '\\' && index + 1 < _rest.Length)
            {
                index++;
                letter = _rest[index] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            text.Append(letter);
        }

        throw Invalid();
    }

    private object Number(string word, string? type)
    {
        var hex = word.StartsWith("0x", StringComparison.Ordinal);
        var digits = hex ? word[2..] : word;
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign;
        var culture = CultureInfo.InvariantCulture;
        object? value = type switch
        {
            "y" => byte.TryParse(digits, style, culture, out var number) ? number : null,
            "n" => short.TryParse(digits, style, culture, out var number) ? number : null,
            "q" => ushort.TryParse(digits, style, culture, out var number) ? number : null,
            "u" => uint.TryParse(digits, style, culture, out var number) ? number : null,
            "x" => long.TryParse(digits, style, culture, out var number) ? number : null,
            "t" => ulong.TryParse(digits, style, culture, out var number) ? number : null,
            "i" => int.TryParse(digits, style, culture, out var number) ? number : null,
            "d" => Real(word),
            null => word.Contains('.', StringComparison.Ordinal) ? Real(word) : int.TryParse(digits, style, culture, out var number) ? number : null,
            _ => null,
        };
        return value ?? throw Invalid();

        static object? Real(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private readonly ulong Microseconds(object value)
    {
        var seconds = value switch
        {
            string or bool or Array => throw Invalid(),
            double number => number,
            _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        };
        return seconds >= 0 && seconds < ulong.MaxValue / MicrosecondsPerSecond ? (ulong)(seconds * MicrosecondsPerSecond) : throw Invalid();
    }

    private void SkipBlanks() => _rest = _rest.TrimStart();

    private readonly SampanException Invalid() => SampanException.InvalidArgument(
        $"annotation org.systemd.property.{_name}={_text}: not a value in GVariant's notation: write 'text', true, uint64 5 or ['a', 'b']");
}
