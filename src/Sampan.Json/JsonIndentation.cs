using System.Buffers;

namespace Sampan.Json;

/// <summary>
/// Lays a document out over lines and leaves the rest of it as it is: the order of members, numbers, escapes (Go's encoding/json, Indent). Only what
/// a terminal must not be sent is escaped, as <see cref="JsonTextEncoder"/> does.
/// </summary>
public static class JsonIndentation
{
    private const byte Delete = 0x7f;

    // The controls from U+0080 to U+009F begin with it in UTF-8.
    private const byte HighControl = 0xc2;

    /// <summary>Lays a document out.</summary>
    /// <param name="json">The document: valid JSON, UTF-8.</param>
    /// <param name="unit">What a level is indented by.</param>
    /// <returns>The document, without a line break at its end.</returns>
    public static byte[] Indent(ReadOnlySpan<byte> json, ReadOnlySpan<byte> unit)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + (json.Length / 2) + 16);
        var depth = 0;
        var opened = false;
        for (var index = 0; index < json.Length; index++)
        {
            var letter = json[index];
            if (letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            var closes = letter is (byte)'}' or (byte)']';
            depth -= closes ? 1 : 0;
            if (opened != closes)
            {
                BreakLine(output, unit, depth);
            }

            opened = letter is (byte)'{' or (byte)'[';
            depth += opened ? 1 : 0;
            switch (letter)
            {
                case (byte)'"':
                    index += WriteString(output, json[index..]) - 1;
                    break;
                case (byte)',':
                    output.Write(","u8);
                    BreakLine(output, unit, depth);
                    break;
                case (byte)':':
                    output.Write(": "u8);
                    break;
                default:
                    output.Write([letter]);
                    break;
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static void BreakLine(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> unit, int depth)
    {
        output.Write("\n"u8);
        for (var level = 0; level < depth; level++)
        {
            output.Write(unit);
        }
    }

    /// <returns>How long the string is, with its quotation marks.</returns>
    private static int WriteString(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        var written = 0;
        var index = 1;
        for (; index < json.Length && json[index] != (byte)'"'; index++)
        {
            if (json[index] == (byte)'\\')
            {
                index++;
            }
            else if (json[index] == Delete || (json[index] == HighControl && index + 1 < json.Length && json[index + 1] is >= 0x80 and < 0xa0))
            {
                output.Write(json[written..index]);
                index += json[index] == HighControl ? 1 : 0;
                output.Write("\\u00"u8);
                output.Write([Hexadecimal(json[index] >> 4), Hexadecimal(json[index] & 0xf)]);
                written = index + 1;
            }
        }

        var length = Math.Min(index + 1, json.Length);
        output.Write(json[written..length]);
        return length;
    }

    private static byte Hexadecimal(int digit) => "0123456789abcdef"u8[digit];
}
