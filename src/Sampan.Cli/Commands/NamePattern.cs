using Sampan.Linux;

namespace Sampan.Cli.Commands;

/// <summary>
/// A regular expression for names and ids: ^ $ . [ ] ( ) | * + ? {n,m} and \ before any of them. .NET's would be the larger part of the
/// program. It tries in turn what may match: patterns come from the user, and names are short.
/// </summary>
internal sealed class NamePattern
{
    private readonly Part _pattern;
    private readonly string _source;
    private int _at;

    /// <summary>Reads a pattern.</summary>
    /// <param name="source">The pattern.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is none.</exception>
    public NamePattern(string source)
    {
        _source = source;
        _pattern = ParseAlternatives();
        if (_at < source.Length)
        {
            throw Error("unexpected )");
        }
    }

    // Whether a part matches a text from a place on so that what follows it does.
    private delegate bool Part(string text, int at, Func<int, bool> next);

    /// <summary>Whether it matches anywhere in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when it does.</returns>
    public bool Matches(string text)
    {
        for (var start = 0; start <= text.Length; start++)
        {
            if (_pattern(text, start, static _ => true))
            {
                return true;
            }
        }

        return false;
    }

    private Part ParseAlternatives()
    {
        var first = ParseSequence();
        if (_at == _source.Length || _source[_at] != '|')
        {
            return first;
        }

        _at++;
        var second = ParseAlternatives();
        return (text, at, next) => first(text, at, next) || second(text, at, next);
    }

    private Part ParseSequence()
    {
        if (_at == _source.Length || _source[_at] is '|' or ')')
        {
            return static (_, at, next) => next(at);
        }

        var first = ParseRepeated();
        var rest = ParseSequence();
        return (text, at, next) => first(text, at, end => rest(text, end, next));
    }

    private Part ParseRepeated()
    {
        var part = ParseOne();
        if (_at == _source.Length || !TryRepetition(out var least, out var most))
        {
            return part;
        }

        // "As little as possible" matches the same names.
        _at += _at < _source.Length && _source[_at] == '?' ? 1 : 0;
        return _at < _source.Length && _source[_at] is ('*' or '+' or '?' or '{') ? throw Error("invalid nested repetition operator") : Repeat(part, least, most);
    }

    private bool TryRepetition(out int least, out int most)
    {
        (least, most) = _source[_at] switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            '{' => ParseCount(),
            _ => (-1, -1),
        };
        if (least < 0)
        {
            return false;
        }

        _at++;
        return true;
    }

    private (int Least, int Most) ParseCount()
    {
        var end = _source.IndexOf('}', _at);
        var numbers = end < 0 ? [] : _source[(_at + 1)..end].Split(',');
        if (numbers.Length is 1 or 2 && int.TryParse(numbers[0], out var least) && least is >= 0 and <= 1000)
        {
            var most = numbers[^1].Length == 0 ? int.MaxValue : int.TryParse(numbers[^1], out var number) ? number : -1;
            if (most >= least)
            {
                _at = end;
                return (least, most);
            }
        }

        throw Error("bad repetition");
    }

    private static Part Repeat(Part part, int least, int most)
    {
        // As often as it can first, and never again where it took nothing.
        bool Try(string text, int at, Func<int, bool> next, int count) =>
            (count < most && part(text, at, end => (end > at || count < least) && Try(text, end, next, count + 1))) || (count >= least && next(at));
        return (text, at, next) => Try(text, at, next, 0);
    }

    private Part ParseOne()
    {
        var character = _source[_at++];
        switch (character)
        {
            case '^':
                return static (_, at, next) => at == 0 && next(at);
            case '$':
                return static (text, at, next) => at == text.Length && next(at);
            case '.':
                return Single(static _ => true);
            case '[':
                return Single(ParseSet());
            case '(':
                if (_source.AsSpan(_at).StartsWith("?:"))
                {
                    _at += 2;
                }

                var inner = ParseAlternatives();
                return _at < _source.Length && _source[_at++] == ')' ? inner : throw Error("missing closing )");
            case '*' or '+' or '?' or '{':
                throw Error($"missing argument to repetition operator: {character}");
            case '\\':
                return Single(ParseEscape());
            default:
                return Single(letter => letter == character);
        }
    }

    private Func<char, bool> ParseEscape()
    {
        var letter = _at < _source.Length ? _source[_at++] : throw Error("trailing backslash");
        return letter switch
        {
            'd' => char.IsAsciiDigit,
            'w' => static character => char.IsAsciiLetterOrDigit(character) || character == '_',
            _ when !char.IsAsciiLetterOrDigit(letter) => character => character == letter,
            _ => throw Error($"invalid escape sequence: \\{letter}"),
        };
    }

    private Func<char, bool> ParseSet()
    {
        var negated = _at < _source.Length && _source[_at] == '^';
        _at += negated ? 1 : 0;
        var ranges = new List<(char First, char Last)>();
        for (var start = _at; _at < _source.Length && (_source[_at] != ']' || _at == start); _at++)
        {
            var first = _source[_at] == '\\' && _at + 1 < _source.Length ? _source[++_at] : _source[_at];
            var last = first;
            if (_at + 2 < _source.Length && _source[_at + 1] == '-' && _source[_at + 2] != ']')
            {
                _at += 2;
                last = _source[_at];
            }

            ranges.Add(last >= first ? (first, last) : throw Error("invalid character class range"));
        }

        if (_at++ == _source.Length)
        {
            throw Error("missing closing ]");
        }

        return letter => ranges.Exists(range => letter >= range.First && letter <= range.Last) != negated;
    }

    private static Part Single(Func<char, bool> matches) => (text, at, next) => at < text.Length && matches(text[at]) && next(at + 1);

    private SampanException Error(string reason) => SampanException.InvalidArgument($"invalid filter value '{_source}': error parsing regexp: {reason}");
}
