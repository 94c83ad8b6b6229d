using System.Text;

namespace Sampan.Networking.Dns.Messages;

/// <summary>Names as messages have them: labels, each after its length, and a zero at the end (RFC 1035, 3.1).</summary>
internal static class WireName
{
    /// <summary>Bytes of the longest name, its zero with it.</summary>
    public const int Longest = 255;

    private const int LongestLabel = 63;
    private const int PointerBits = 0xC0;

    // A name has at most 127 labels; nobody follows so many pointers to a name that was written to be read.
    private const int MostPointers = 32;

    /// <summary>
    /// Passes over a name. A pointer must lead to before the labels it ends (RFC 1035, 4.1.4: a prior occurrence), so no chain of them is
    /// a circle.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; then, where what follows it begins.</param>
    /// <returns>False where it is malformed.</returns>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int offset)
    {
        var position = offset;
        var start = offset;
        var end = -1;
        var length = 1;
        var pointers = 0;
        while (position < message.Length)
        {
            int head = message[position];
            if (head == 0)
            {
                offset = end < 0 ? position + 1 : end;
                return true;
            }

            if (head <= LongestLabel)
            {
                length += head + 1;
                position += head + 1;
                if (length > Longest)
                {
                    return false;
                }

                continue;
            }

            if (head < PointerBits || position + 1 >= message.Length || ++pointers > MostPointers)
            {
                return false;
            }

            var target = ((head & ~PointerBits) << 8) | message[position + 1];
            if (target < MessageHeader.Length || target >= start)
            {
                return false;
            }

            end = end < 0 ? position + 2 : end;
            start = target;
            position = target;
        }

        return false;
    }

    /// <summary>Whether two names are one: ASCII letters have no case (RFC 4343). A length is never a letter: it is less than 64.</summary>
    /// <param name="first">A name without pointers.</param>
    /// <param name="second">Another.</param>
    public static bool AreEqual(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        for (var index = 0; index < first.Length; index++)
        {
            if (Fold(first[index]) != Fold(second[index]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies a name with its ASCII letters in lower case.</summary>
    /// <param name="name">Without pointers.</param>
    /// <param name="lower">Room for as many bytes.</param>
    public static void Lower(ReadOnlySpan<byte> name, Span<byte> lower)
    {
        for (var index = 0; index < name.Length; index++)
        {
            lower[index] = Fold(name[index]);
        }
    }

    /// <summary>Writes a text as a name.</summary>
    /// <param name="text">Labels between dots; one dot may end it.</param>
    /// <param name="name">Room for <see cref="Longest"/> bytes.</param>
    /// <param name="length">How many were written, the zero with them.</param>
    /// <returns>False where no query could ask for it: an empty or a long label, a long name.</returns>
    public static bool TryWrite(string text, Span<byte> name, out int length)
    {
        length = 0;
        var rest = text.AsSpan();
        rest = rest.EndsWith('.') ? rest[..^1] : rest;
        Span<byte> label = stackalloc byte[LongestLabel];
        while (!rest.IsEmpty)
        {
            var dot = rest.IndexOf('.');
            var part = dot < 0 ? rest : rest[..dot];
            if (part.IsEmpty || dot == rest.Length - 1 || !Encoding.UTF8.TryGetBytes(part, label, out var count) || length + 1 + count + 1 > Longest)
            {
                return false;
            }

            name[length] = (byte)count;
            label[..count].CopyTo(name[(length + 1)..]);
            length += 1 + count;
            rest = dot < 0 ? default : rest[(dot + 1)..];
        }

        name[length++] = 0;
        return length > 1;
    }

    private static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
