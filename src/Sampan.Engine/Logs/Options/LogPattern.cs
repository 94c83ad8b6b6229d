using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>
/// Regular expressions of --log-opt labels-regex and env-regex, which are matched with names: letters, . ^ $ | ( ) [ ] * + ? and \d \w \s.
/// The framework's engine would cost every monitor a megabyte.
/// </summary>
internal sealed class LogPattern
{
    private readonly string _option;
    private readonly string _pattern;
    private readonly Matcher _match;
    private int _at;

    private LogPattern(string option, string pattern)
    {
        _option = option;
        _pattern = pattern;
        _match = Alternatives();
        if (_at < pattern.Length)
        {
            throw Invalid("unexpected )");
        }
    }

    private delegate bool Matcher(string text, int at, Func<int, bool> next);

    /// <param name="option">The option's name, for the error.</param>
    /// <param name="pattern">The expression; it may match anywhere in a name.</param>
    /// <exception cref="SampanException">InvalidArgument: not one, or one with more than is known here.</exception>
    public static LogPattern Parse(string option, string pattern) => new(option, pattern);

    public bool IsMatch(string text)
    {
        for (var at = 0; at <= text.Length; at++)
        {
            if (_match(text, at, static _ => true))
            {
                return true;
            }
        }

        return false;
    }

    private static Matcher One(Func<char, bool> accepts) => (text, at, next) => at < text.Length && accepts(text[at]) && next(at + 1);

    private static Matcher Repeat(Matcher one, int least, bool many)
    {
        return (text, at, next) => From(text, at, next, 0);

        bool From(string text, int at, Func<int, bool> next, int count) =>
            ((many || count == 0) && one(text, at, end => (end > at || count < least) && From(text, end, next, count + 1)))
            || (count >= least && next(at));
    }

    private static Func<char, bool>? Class(char letter) => letter switch
    {
        'd' => char.IsAsciiDigit,
        'D' => static value => !char.IsAsciiDigit(value),
        'w' => static value => char.IsAsciiLetterOrDigit(value) || value == '_',
        'W' => static value => !char.IsAsciiLetterOrDigit(value) && value != '_',
        's' => static value => value is ' ' or '\t' or '\n' or '\r' or '\f',
        _ => null,
    };

    private Matcher Alternatives()
    {
        var either = Sequence();
        while (_at < _pattern.Length && _pattern[_at] == '|')
        {
            _at++;
            var (first, second) = (either, Sequence());
            either = (text, at, next) => first(text, at, next) || second(text, at, next);
        }

        return either;
    }

    private Matcher Sequence()
    {
        Matcher all = static (_, at, next) => next(at);
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var (before, one) = (all, Quantified(Atom()));
            all = (text, at, next) => before(text, at, end => one(text, end, next));
        }

        return all;
    }

    private Matcher Quantified(Matcher one)
    {
        if (_at == _pattern.Length || _pattern[_at] is not ('*' or '+' or '?' or '{'))
        {
            return one;
        }

        return _pattern[_at++] switch
        {
            '*' => Repeat(one, 0, many: true),
            '+' => Repeat(one, 1, many: true),
            '?' => Repeat(one, 0, many: false),
            _ => throw Invalid("{ is not known here, write * + or ?"),
        };
    }

    private Matcher Atom()
    {
        var letter = _pattern[_at++];
        switch (letter)
        {
            case '.':
                return One(static value => value != '\n');
            case '^':
                return static (_, at, next) => at == 0 && next(at);
            case '$':
                return static (text, at, next) => at == text.Length && next(at);
            case '[':
                return One(Set());
            case '(':
                return Group();
            case '*' or '+' or '?' or '{':
                throw Invalid($"missing argument to repetition operator: {letter}");
            case '\\':
                var escaped = _at < _pattern.Length ? _pattern[_at++] : throw Invalid("trailing backslash at end of expression");
                return Class(escaped) is { } known ? One(known)
                    : char.IsAsciiLetterOrDigit(escaped) ? throw Invalid($"invalid escape sequence: \\{escaped}")
                    : One(value => value == escaped);
            default:
                return One(value => value == letter);
        }
    }

    private Matcher Group()
    {
        if (_pattern.AsSpan(_at).StartsWith("?"))
        {
            _at += _pattern.AsSpan(_at).StartsWith("?:") ? 2 : throw Invalid("(? is not known here");
        }

        var inside = Alternatives();
        return _at < _pattern.Length && _pattern[_at++] == ')' ? inside : throw Invalid("missing closing )");
    }

    private Func<char, bool> Set()
    {
        var negated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += negated ? 1 : 0;
        List<Func<char, bool>> members = [];
        for (var first = true; _at < _pattern.Length && (first || _pattern[_at] != ']'); first = false)
        {
            members.Add(Member());
        }

        if (_at++ >= _pattern.Length)
        {
            throw Invalid("missing closing ]");
        }

        return value => members.Exists(member => member(value)) != negated;
    }

    private Func<char, bool> Member()
    {
        var from = _pattern[_at++];
        if (from == '\\' && _at < _pattern.Length)
        {
            from = _pattern[_at++];
            if (Class(from) is { } known)
            {
                return known;
            }
        }

        if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
        {
            var to = _pattern[_at + 1];
            _at += 2;
            return value => value >= from && value <= to;
        }

        return value => value == from;
    }

    private SampanException Invalid(string reason) =>
        SampanException.InvalidArgument($"invalid {_option} \"{_pattern}\": error parsing regexp: {reason}");
}
