using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Sampan.Json;

/// <summary>
/// Escapes in JSON strings what RFC 8259 demands, section 7, and what a terminal must not be sent: control characters. .NET's own
/// encoders work out tables of all of Unicode when the first of them is asked for, and write a plus sign as \u002B.
/// </summary>
public sealed unsafe class JsonTextEncoder : JavaScriptEncoder
{
    // Passed over without a closer look: ASCII but for controls, quotation mark, reverse solidus.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private JsonTextEncoder()
    {
    }

    /// <summary>The encoder; it has no state.</summary>
    public static JsonTextEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\' or (>= 0x7f and < 0xa0) or 0x2028 or 0x2029;

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        while (!rest.IsEmpty)
        {
            // Half a surrogate pair is no character.
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return textLength - rest.Length;
            }

            rest = rest[length..];
        }

        return -1;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var plain = utf8Text.IndexOfAnyExcept(Plain);
        if (plain < 0)
        {
            return -1;
        }

        var rest = utf8Text[plain..];
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var length) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return utf8Text.Length - rest.Length;
            }

            rest = rest[length..];
        }

        return -1;
    }

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        var letter = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            _ => '\0',
        };
        if (letter == '\0')
        {
            return target.TryWrite($"\\u{unicodeScalar:x4}", out numberOfCharactersWritten);
        }

        numberOfCharactersWritten = bufferLength < 2 ? 0 : 2;
        if (numberOfCharactersWritten == 0)
        {
            return false;
        }

        target[0] = '\\';
        target[1] = letter;
        return true;
    }
}
