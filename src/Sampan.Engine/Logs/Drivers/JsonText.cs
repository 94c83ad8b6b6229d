using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Sampan.Engine.Logs;

/// <summary>
/// Bytes as the inside of a JSON string, as docker's json-file writes them (moby, jsonlog): what HTML would trip over is escaped too, and
/// bytes that are not UTF-8 become U+FFFD.
/// </summary>
internal static class JsonText
{
    /// <summary>Most bytes one byte can become: \u0000.</summary>
    public const int MaximumExpansion = 6;

    // Everything that is not copied as it is in valid UTF-8. 0xE2 begins U+2028 and U+2029, line ends to JavaScript.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
            (byte)'"', (byte)'\\', (byte)'<', (byte)'>', (byte)'&', 0xE2,
        ]);

    /// <summary>Writes the escaped text.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="target">At least <see cref="MaximumExpansion"/> times as long.</param>
    /// <returns>Bytes written.</returns>
    public static int Escape(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (Utf8.IsValid(source))
        {
            return EscapeValid(source, target);
        }

        var written = 0;
        while (!source.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(source, out _, out var consumed);
            if (status == OperationStatus.Done)
            {
                written += EscapeValid(source[..consumed], target[written..]);
                source = source[consumed..];
            }
            else
            {
                // Go, and so docker, replaces each byte by itself.
                "\\ufffd"u8.CopyTo(target[written..]);
                written += 6;
                source = source[1..];
            }
        }

        return written;
    }

    private static int EscapeValid(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = source.IndexOfAny(Special);
            if (plain < 0)
            {
                source.CopyTo(target[written..]);
                return written + source.Length;
            }

            source[..plain].CopyTo(target[written..]);
            written += plain;
            source = source[plain..];
            var taken = EscapeOne(source, target[written..], out var length);
            written += length;
            source = source[taken..];
        }
    }

    private static int EscapeOne(ReadOnlySpan<byte> source, Span<byte> target, out int length)
    {
        var value = source[0];
        if (value == 0xE2)
        {
            var separator = source[1] == 0x80 && source[2] is 0xA8 or 0xA9;
            (separator ? source[2] == 0xA8 ? "\\u2028"u8 : "\\u2029"u8 : source[..3]).CopyTo(target);
            length = separator ? 6 : 3;
            return 3;
        }

        var letter = value switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)0,
        };
        target[0] = (byte)'\\';
        if (letter != 0)
        {
            target[1] = letter;
            length = 2;
            return 1;
        }

        "u00"u8.CopyTo(target[1..]);
        target[4] = HexDigit(value >> 4);
        target[5] = HexDigit(value & 15);
        length = 6;
        return 1;
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
