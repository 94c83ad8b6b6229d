using System.Globalization;
using System.Text;

namespace Sampan.Registries.Toml;

/// <summary>Walks over the text of a TOML document: blanks, keys, strings (toml.io, v1.0.0).</summary>
/// <param name="text">The document.</param>
internal sealed class TomlScanner(string text)
{
    private int _index;

    /// <summary>The line it stands on, from 1 on.</summary>
    public int Line { get; private set; } = 1;

    public bool AtEnd => _index >= text.Length;

    public char Current => AtEnd ? '\0' : text[_index];

    public TomlException Error(string message) => new(Line, message);

    public bool TryTake(string word)
    {
        if (!text.AsSpan(_index).StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _index += word.Length;
        return true;
    }

    public void Take(string word)
    {
        if (!TryTake(word))
        {
            throw Error($"{word} is expected");
        }
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            _index++;
        }
    }

    /// <summary>Skips blanks, comments and line ends.</summary>
    public void SkipLines()
    {
        while (true)
        {
            SkipBlanks();
            SkipComment();
            if (!SkipLineEnd())
            {
                return;
            }
        }
    }

    /// <summary>What stands behind a value or a header: nothing but a comment.</summary>
    public void EndLine()
    {
        SkipBlanks();
        SkipComment();
        if (!AtEnd && !SkipLineEnd())
        {
            throw Error("nothing more is expected on this line");
        }
    }

    /// <summary>A key, dotted or not.</summary>
    public List<string> TakeKey()
    {
        List<string> parts = [];
        do
        {
            SkipBlanks();
            parts.Add(Current is '"' or '\'' ? TakeString() : TakeBareKey());
            SkipBlanks();
        }
        while (TryTake("."));
        return parts;
    }

    /// <summary>A run of the characters of numbers, dates and truth values.</summary>
    public string TakeWord()
    {
        var start = _index;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '+' or '-' or '_' or '.' or ':')
        {
            _index++;
        }

        return text[start.._index];
    }

    /// <summary>A string on one line: "basic" or 'literal'.</summary>
    public string TakeString()
    {
        if (TryTake("\"\"\"") || TryTake("'''"))
        {
            throw Error("strings over several lines are not read here");
        }

        var quote = Current;
        _index++;
        var value = new StringBuilder();
        while (Current != quote)
        {
            if (AtEnd || Current is '\n' or '\r')
            {
                throw Error("a string has no end on its line");
            }

            if (char.IsControl(Current) && Current != '\t')
            {
                throw Error("a string has a control character in it");
            }

            if (Current == '\\' && quote == '"')
            {
                _index++;
                TakeEscape(value);
            }
            else
            {
                value.Append(Current);
                _index++;
            }
        }

        _index++;
        return value.ToString();
    }

    private string TakeBareKey()
    {
        var start = _index;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '-' or '_')
        {
            _index++;
        }

        return _index > start ? text[start.._index] : throw Error("a key is expected");
    }

    private void TakeEscape(StringBuilder value)
    {
        var letter = Current;
        _index++;
        var plain = letter switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (plain != '\0')
        {
            value.Append(plain);
            return;
        }

        var digits = letter switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0
            || _index + digits > text.Length
            || !uint.TryParse(text.AsSpan(_index, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            || !Rune.TryCreate(number, out var rune))
        {
            throw Error("a string has an escape that TOML does not know");
        }

        _index += digits;
        value.Append(rune.ToString());
    }

    private void SkipComment()
    {
        if (Current != '#')
        {
            return;
        }

        while (!AtEnd && Current is not ('\n' or '\r'))
        {
            _index++;
        }
    }

    private bool SkipLineEnd()
    {
        if (!TryTake("\r\n") && !TryTake("\n"))
        {
            return false;
        }

        Line++;
        return true;
    }
}
