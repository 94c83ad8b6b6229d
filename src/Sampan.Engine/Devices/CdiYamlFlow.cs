using System.Text;
using System.Text.Json;

namespace Sampan.Engine.Devices;

/// <summary>A value of YAML that begins on a line: a scalar, or a flow collection, which may go on over further ones.</summary>
/// <param name="line">The line.</param>
/// <param name="text">The value.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="deepest">How deep collections may be nested.</param>
/// <param name="more">The lines that follow.</param>
internal sealed class CdiYamlFlow(CdiYamlLine line, string text, Utf8JsonWriter writer, int deepest, Func<CdiYamlLine?> more)
{
    private CdiYamlLine _line = line;
    private string _text = text;
    private int _at;

    /// <summary>Takes a line apart that is a key, a colon and perhaps a value.</summary>
    /// <returns>False when it is none.</returns>
    /// <exception cref="JsonException">The key is something that is refused.</exception>
    public static bool TryKey(CdiYamlLine line, out string key, out string value)
    {
        (key, value) = ("", "");
        var text = line.Text;
        if (text[0] == '?' && (text.Length == 1 || text[1] == ' '))
        {
            throw line.Bad("a key must be a text on one line");
        }

        int colon;
        if (text[0] is '"' or '\'')
        {
            var end = 0;
            key = Unquote(line, text, ref end);
            colon = end;
            while (colon < text.Length && text[colon] == ' ')
            {
                colon++;
            }

            if (colon == text.Length || text[colon] != ':')
            {
                return false;
            }
        }
        else
        {
            if (text[0] is '[' or '{')
            {
                return false;
            }

            colon = text.IndexOf(": ", StringComparison.Ordinal);
            colon = colon < 0 && text[^1] == ':' ? text.Length - 1 : colon;
            if (colon <= 0)
            {
                return false;
            }

            key = text[..colon].TrimEnd();
            RefuseIndicator(line, key);
        }

        value = text[(colon + 1)..].Trim();
        return true;
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="JsonException">It is damaged, or something that is refused.</exception>
    public void Write()
    {
        if (_text[0] is '[' or '{')
        {
            WriteCollection(1);
            if (_at < _text.Length)
            {
                throw _line.Bad("something follows the collection");
            }
        }
        else if (_text[0] is '"' or '\'')
        {
            var value = Unquote(_line, _text, ref _at);
            writer.WriteStringValue(_at == _text.Length ? value : throw _line.Bad("something follows the quoted text"));
        }
        else
        {
            RefuseIndicator(_line, _text);
            if (_text.Contains(": ", StringComparison.Ordinal) || _text[^1] == ':')
            {
                throw _line.Bad("a colon in a text must be quoted");
            }

            CdiYamlScalar.Write(writer, _text);
        }
    }

    private static void RefuseIndicator(CdiYamlLine line, string text)
    {
        switch (text[0])
        {
            case '&' or '*':
                throw line.Bad("anchors and aliases are not read");
            case '!':
                throw line.Bad("tags are not read");
            case '|' or '>':
                throw line.Bad("a text over several lines is not read");
            case '%' or '@' or '`' or ',' or ']' or '}':
                throw line.Bad($"a text cannot begin with {text[0]}");
        }
    }

    private static string Unquote(CdiYamlLine line, string text, ref int at)
    {
        var quote = text[at];
        var begin = ++at;
        while (at < text.Length && (text[at] != quote || (quote == '\'' && at + 1 < text.Length && text[at + 1] == quote)))
        {
            at += (text[at] == '\\' && quote == '"') || text[at] == quote ? 2 : 1;
        }

        if (at >= text.Length)
        {
            throw line.Bad("the quoted text does not end on its line");
        }

        var inner = text[begin..at++];
        if (quote == '\'')
        {
            return inner.Replace("''", "'", StringComparison.Ordinal);
        }

        try
        {
            // Of YAML's escapes those of JSON are read.
            return JsonSerializerText(inner);
        }
        catch (JsonException)
        {
            throw line.Bad("an escape in the quoted text is not one of JSON's");
        }
    }

    private static string JsonSerializerText(string inner)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{inner.Replace("\t", "\\t", StringComparison.Ordinal)}\""));
        reader.Read();
        return reader.GetString()!;
    }

    private void WriteCollection(int depth)
    {
        if (depth > deepest)
        {
            throw _line.Bad("nested more than 32 deep");
        }

        var isMapping = _text[_at++] == '{';
        var end = isMapping ? '}' : ']';
        HashSet<string> keys = new(StringComparer.Ordinal);
        (isMapping ? (Action)writer.WriteStartObject : writer.WriteStartArray)();
        while (Peek() != end)
        {
            if (isMapping)
            {
                var key = Token(isKey: true, out _);
                if (Peek() != ':' || !keys.Add(key))
                {
                    throw _line.Bad(Peek() == ':' ? $"key {key} is there twice" : "a colon is expected after a key");
                }

                _at++;
                writer.WritePropertyName(key);
            }

            WriteValue(depth, end);
            if (Peek() == ',')
            {
                _at++;
            }
            else if (Peek() != end)
            {
                throw _line.Bad($"a comma or {end} is expected");
            }
        }

        _at++;
        (isMapping ? (Action)writer.WriteEndObject : writer.WriteEndArray)();
    }

    private void WriteValue(int depth, char end)
    {
        switch (Peek())
        {
            case '[' or '{':
                WriteCollection(depth + 1);
                break;
            case ',' or ']' or '}' when end == '}':
                writer.WriteNullValue();
                break;
            default:
                var value = Token(isKey: false, out var quoted);
                if (quoted)
                {
                    writer.WriteStringValue(value);
                }
                else
                {
                    CdiYamlScalar.Write(writer, value);
                }

                break;
        }
    }

    /// <summary>The next character that is none between tokens, on a further line where this one is over.</summary>
    private char Peek()
    {
        while (true)
        {
            while (_at < _text.Length && _text[_at] is ' ' or '\t')
            {
                _at++;
            }

            if (_at < _text.Length)
            {
                return _text[_at];
            }

            var next = more() ?? throw _line.Bad("the collection does not end");
            (_line, _text, _at) = (next, next.Text, 0);
        }
    }

    private string Token(bool isKey, out bool quoted)
    {
        quoted = Peek() is '"' or '\'';
        if (quoted)
        {
            return Unquote(_line, _text, ref _at);
        }

        var begin = _at;
        while (_at < _text.Length && _text[_at] is not (',' or '[' or ']' or '{' or '}')
            && !(_text[_at] == ':' && (isKey || _at + 1 == _text.Length || _text[_at + 1] == ' ')))
        {
            _at++;
        }

        var token = _text[begin.._at].TrimEnd();
        if (token.Length == 0)
        {
            throw _line.Bad("a value is expected");
        }

        RefuseIndicator(_line, token);
        return token;
    }
}
