using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sampan.Engine.Devices;

/// <summary>
/// A CDI file in YAML as the same in JSON: the block mappings and sequences, scalars on one line and flow collections that vendors' tools and hands
/// write (YAML 1.2, chapters 7 and 8). Everything else is refused by name, so that nothing is understood otherwise than it was meant: anchors and
/// aliases, tags, block scalars, texts over several lines, keys that come twice, further documents, and more nesting than any such file has.
/// </summary>
internal sealed class CdiYaml
{
    private const int Deepest = 32;

    private readonly List<CdiYamlLine> _lines = [];
    private readonly Utf8JsonWriter _writer;
    private int _at;

    private CdiYaml(string text, Utf8JsonWriter writer)
    {
        _writer = writer;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            if (CdiYamlLine.TryRead(line.TrimEnd('\r'), ++number) is { } content)
            {
                _lines.Add(content);
            }
        }
    }

    /// <summary>Translates a file.</summary>
    /// <param name="yaml">Its content.</param>
    /// <returns>JSON.</returns>
    /// <exception cref="JsonException">It is no YAML, or has what is refused; the message is one line.</exception>
    public static byte[] ToJson(byte[] yaml)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, yaml.Length));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            new CdiYaml(Encoding.UTF8.GetString(yaml), writer).TranslateDocument();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void TranslateDocument()
    {
        if (_at < _lines.Count && _lines[_at].Text == "---")
        {
            _at++;
        }

        if (_at == _lines.Count)
        {
            throw new JsonException("it is empty");
        }

        TranslateBlock(_lines[_at].Indent, 0);
        if (_at < _lines.Count && _lines[_at].Text != "...")
        {
            throw _lines[_at].Bad(_lines[_at].Text.StartsWith("---", StringComparison.Ordinal) ? "one document is read, and this is the second" : "it is indented otherwise than what it belongs to");
        }
    }

    /// <summary>The lines of one indentation, from the present one on: a mapping, a sequence, or a single value.</summary>
    private void TranslateBlock(int indent, int depth)
    {
        var line = _lines[_at];
        if (depth > Deepest)
        {
            throw line.Bad($"nested more than {Deepest} deep");
        }

        if (line.IsItem)
        {
            TranslateSequence(indent, depth);
        }
        else if (CdiYamlFlow.TryKey(line, out _, out _))
        {
            TranslateMapping(indent, depth);
        }
        else
        {
            _at++;
            WriteInline(line, line.Text, depth);
        }
    }

    private void TranslateSequence(int indent, int depth)
    {
        _writer.WriteStartArray();
        while (_at < _lines.Count && _lines[_at] is { IsItem: true } line && line.Indent == indent)
        {
            var rest = line.AfterMark();
            if (rest.Text.Length == 0)
            {
                _at++;
                TranslateValueBelow(indent, depth, sequenceToo: false);
            }
            else
            {
                // What follows the mark is a block of its own, as far in as it stands.
                _lines[_at] = rest;
                TranslateBlock(rest.Indent, depth + 1);
            }
        }

        _writer.WriteEndArray();
    }

    private void TranslateMapping(int indent, int depth)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        _writer.WriteStartObject();
        while (_at < _lines.Count && _lines[_at] is { IsItem: false } line && line.Indent == indent && !line.IsMarker)
        {
            if (!CdiYamlFlow.TryKey(line, out var key, out var value))
            {
                throw line.Bad("a key and a colon are expected");
            }

            if (!keys.Add(key))
            {
                throw line.Bad($"key {key} is there twice");
            }

            _writer.WritePropertyName(key);
            _at++;
            if (value.Length == 0)
            {
                TranslateValueBelow(indent, depth, sequenceToo: true);
            }
            else
            {
                WriteInline(line, value, depth);
            }
        }

        _writer.WriteEndObject();
    }

    /// <summary>What lies further in than a key or a mark, or nothing. The items of a key's sequence may stand as far out as the key.</summary>
    private void TranslateValueBelow(int indent, int depth, bool sequenceToo)
    {
        if (_at < _lines.Count && (_lines[_at].Indent > indent || (sequenceToo && _lines[_at].IsItem && _lines[_at].Indent == indent)))
        {
            TranslateBlock(_lines[_at].Indent, depth + 1);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    private void WriteInline(CdiYamlLine line, string text, int depth)
    {
        // A flow collection may go on over the lines that follow, however they are indented.
        var flow = new CdiYamlFlow(line, text, _writer, Deepest - depth, () => _at < _lines.Count ? _lines[_at++] : null);
        flow.Write();
        if (_at < _lines.Count && _lines[_at].Indent > line.Indent && text[0] is not ('[' or '{'))
        {
            throw _lines[_at].Bad("a text over several lines is not read, or this is indented too far");
        }
    }
}
