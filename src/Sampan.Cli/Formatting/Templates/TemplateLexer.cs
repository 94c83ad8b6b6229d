using System.Globalization;
using Sampan.Linux;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Cuts a template into words, as the lexer of Go's text/template does; honours the trim markers and drops comments.</summary>
/// <param name="source">The template.</param>
internal sealed class TemplateLexer(string source)
{
    private readonly List<TemplateToken> _tokens = [];
    private int _at;
    private int _parens;

    /// <summary>Cuts it.</summary>
    /// <returns>The words, the last being <see cref="TemplateTokenKind.End"/>.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an action, a string or a comment is not closed, or a character has no meaning.</exception>
    public List<TemplateToken> Read()
    {
        var trim = false;
        while (_at < source.Length)
        {
            var open = source.IndexOf("{{", _at, StringComparison.Ordinal);
            var end = open < 0 ? source.Length : open;
            var trimEnd = open >= 0 && HasLeftTrim(open + 2);
            AddText(trim, end, trimEnd);
            if (open < 0)
            {
                break;
            }

            _at = open + (trimEnd ? 4 : 2);
            trim = StartsWith("/*") ? SkipComment() : ReadAction(open);
        }

        Add(TemplateTokenKind.End, source.Length);
        return _tokens;
    }

    private void AddText(bool trimStart, int end, bool trimEnd)
    {
        var text = source[_at..end];
        text = trimStart ? text.TrimStart(' ', '\t', '\r', '\n') : text;
        text = trimEnd ? text.TrimEnd(' ', '\t', '\r', '\n') : text;
        if (text.Length > 0)
        {
            _tokens.Add(new(TemplateTokenKind.Text, text, _at));
        }

        _at = end;
    }

    private bool SkipComment()
    {
        var close = source.IndexOf("*/", _at, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Error("unclosed comment");
        }

        _at = close + 2;
        var trim = HasRightTrim();
        if (!trim && !StartsWith("}}"))
        {
            throw Error("comment ends before closing delimiter");
        }

        _at += trim ? 4 : 2;
        return trim;
    }

    private bool ReadAction(int open)
    {
        _tokens.Add(new(TemplateTokenKind.Open, "{{", open));
        _parens = 0;
        while (true)
        {
            var trim = HasRightTrim();
            if (trim || StartsWith("}}"))
            {
                if (_parens > 0)
                {
                    throw Error("unclosed left paren");
                }

                _at += trim ? 2 : 0;
                Add(TemplateTokenKind.Close, _at + 2);
                return trim;
            }

            if (_at == source.Length)
            {
                throw Error("unclosed action");
            }

            ReadWord();
        }
    }

    private void ReadWord()
    {
        var character = source[_at];
        switch (character)
        {
            case ' ' or '\t' or '\r' or '\n':
                Add(TemplateTokenKind.Space, EndOf(IsBlank));
                break;
            case '"' or '`' or '\'':
                Add(character == '\'' ? TemplateTokenKind.Number : TemplateTokenKind.String, EndOfQuote(character) + 1);
                break;
            case '|':
                Add(TemplateTokenKind.Pipe, _at + 1);
                break;
            case '(':
                _parens++;
                Add(TemplateTokenKind.LeftParen, _at + 1);
                break;
            case ')':
                _parens--;
                Add(_parens >= 0 ? TemplateTokenKind.RightParen : throw Error("unexpected right paren"), _at + 1);
                break;
            case '=':
                Add(TemplateTokenKind.Assign, _at + 1);
                break;
            case ':':
                Add(StartsWith(":=") ? TemplateTokenKind.Declare : throw Error("expected :="), _at + 2);
                break;
            case '.' when _at + 1 == source.Length || !char.IsAsciiDigit(source[_at + 1]):
                ReadName(TemplateTokenKind.Field, TemplateTokenKind.Dot);
                break;
            case '$':
                ReadName(TemplateTokenKind.Variable, TemplateTokenKind.Variable);
                break;
            case '.' or '+' or '-' or (>= '0' and <= '9'):
                Add(TemplateTokenKind.Number, EndOf(static letter => letter is '.' or '+' or '-' || IsLetter(letter)));
                break;
            default:
                ReadIdentifier();
                break;
        }
    }

    private void ReadIdentifier()
    {
        if (source[_at] is > ' ' and < '\x7f' && !IsLetter(source[_at]))
        {
            Add(TemplateTokenKind.Character, _at + 1);
            return;
        }

        if (!IsLetter(source[_at]))
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"unrecognized character in action: U+{(int)source[_at]:X4} '{source[_at]}'"));
        }

        var end = EndOf(IsLetter);
        var isKeyword = source[_at..end] is "if" or "else" or "end" or "range" or "with" or "break" or "continue" or "define" or "template" or "block";
        CheckTerminator(end);
        Add(isKeyword ? TemplateTokenKind.Keyword : TemplateTokenKind.Identifier, end);
    }

    private void ReadName(TemplateTokenKind kind, TemplateTokenKind bare)
    {
        var start = _at++;
        var end = EndOf(IsLetter);
        _at = start;
        CheckTerminator(end);
        Add(end == start + 1 ? bare : kind, end);
    }

    // After a name must come something that can follow one: "$x+2" is a mistake and not "$x" and "+2".
    private void CheckTerminator(int end)
    {
        if (end < source.Length
            && source[end] is not (' ' or '\t' or '\r' or '\n' or '.' or ',' or '|' or ':' or ')' or '(' or '=')
            && !source.AsSpan(end).StartsWith("}}"))
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"bad character U+{(int)source[end]:X4} '{source[end]}'"));
        }
    }

    private int EndOfQuote(char quote)
    {
        for (var at = _at + 1; at < source.Length; at++)
        {
            if (source[at] == '\\' && quote != '`')
            {
                at++;
            }
            else if (source[at] == quote)
            {
                return at;
            }
            else if (source[at] == '\n' && quote != '`')
            {
                break;
            }
        }

        throw Error(quote switch
        {
            '`' => "unterminated raw quoted string",
            '"' => "unterminated quoted string",
            _ => "unterminated character constant",
        });
    }

    private int EndOf(Func<char, bool> belongs)
    {
        var end = _at;
        while (end < source.Length && belongs(source[end]))
        {
            end++;
        }

        return end;
    }

    private void Add(TemplateTokenKind kind, int end)
    {
        _tokens.Add(new(kind, source[_at..end], _at));
        _at = end;
    }

    private bool HasLeftTrim(int at) => at + 1 < source.Length && source[at] == '-' && IsBlank(source[at + 1]);

    private bool HasRightTrim() => _at + 1 < source.Length && IsBlank(source[_at]) && source.AsSpan(_at + 1).StartsWith("-}}");

    private bool StartsWith(string text) => source.AsSpan(_at).StartsWith(text);

    private static bool IsBlank(char letter) => letter is ' ' or '\t' or '\r' or '\n';

    private static bool IsLetter(char letter) => letter == '_' || char.IsLetterOrDigit(letter);

    private SampanException Error(string reason) => TemplateError.WhenParsing(source, _at, reason);
}
