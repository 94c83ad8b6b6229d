using Sampan.Flags;

namespace Sampan.Cli.Terminals;

/// <summary>
/// Watches what is typed for the sequence that detaches (ctrl-p ctrl-q unless told). Keys that may begin the sequence are held back
/// until it is clear that they do not.
/// </summary>
/// <param name="sequence">The bytes of the sequence; empty never detaches.</param>
internal sealed class DetachKeys(byte[] sequence)
{
    private int _matched;

    /// <summary>Docker's default.</summary>
    public static byte[] Default => [0x10, 0x11];

    /// <summary>Reads a sequence as --detach-keys takes it.</summary>
    /// <param name="text">Keys separated by commas: a character, or ctrl- and one of a to z, @, [, \, ], ^, _. Empty is the default.</param>
    /// <returns>The bytes the keys send.</returns>
    /// <exception cref="ValueException">Another word.</exception>
    public static byte[] Parse(string text)
    {
        if (text.Length == 0)
        {
            return Default;
        }

        var keys = text.Split(',');
        var bytes = new byte[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            bytes[i] = Key(keys[i]) ?? throw new ValueException($"invalid detach keys ({text}): Unknown character: '{keys[i]}'");
        }

        return bytes;
    }

    /// <summary>Looks through what was typed.</summary>
    /// <param name="typed">The bytes.</param>
    /// <param name="passed">Receives what goes on to the container; as long as <paramref name="typed"/> and the sequence together.</param>
    /// <param name="length">How many bytes go on.</param>
    /// <returns>True when the sequence is complete; what follows it is dropped.</returns>
    public bool Scan(ReadOnlySpan<byte> typed, Span<byte> passed, out int length)
    {
        length = 0;
        foreach (var key in typed)
        {
            if (sequence.Length == 0)
            {
                passed[length++] = key;
                continue;
            }

            if (key == sequence[_matched])
            {
                if (++_matched == sequence.Length)
                {
                    return true;
                }

                continue;
            }

            // Not the sequence after all. A key that breaks it off may begin it anew.
            sequence.AsSpan(0, _matched).CopyTo(passed[length..]);
            length += _matched;
            _matched = key == sequence[0] && sequence.Length > 1 ? 1 : 0;
            if (_matched == 0)
            {
                passed[length++] = key;
            }
        }

        return false;
    }

    private static byte? Key(string key) => key switch
    {
        [var single] when char.IsAscii(single) => (byte)single,
        ['c', 't', 'r', 'l', '-', >= 'a' and <= 'z' and var letter] => (byte)(letter - 'a' + 1),
        ['c', 't', 'r', 'l', '-', >= 'A' and <= 'Z' and var letter] => (byte)(letter - 'A' + 1),
        "ctrl-@" => 0,
        "ctrl-[" => 27,
        "ctrl-\\" => 28,
        "ctrl-]" => 29,
        "ctrl-^" => 30,
        "ctrl-_" => 31,
        _ => null,
    };
}
