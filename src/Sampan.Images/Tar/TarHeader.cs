using Sampan.Linux;

namespace Sampan.Images.Tar;

/// <summary>The fields of a 512-byte header block (tar(5)).</summary>
internal static class TarHeader
{
    public const int BlockSize = 512;

    /// <summary>The sum of the block with the checksum field taken as blanks. Some old writers summed signed bytes.</summary>
    public static bool HasValidChecksum(ReadOnlySpan<byte> block)
    {
        long unsigned = 8 * ' ';
        long signed = 8 * ' ';
        for (var index = 0; index < BlockSize; index++)
        {
            if (index is < 148 or >= 156)
            {
                unsigned += block[index];
                signed += (sbyte)block[index];
            }
        }

        return TryNumber(block.Slice(148, 8), out var stored) && (stored == unsigned || stored == signed);
    }

    public static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <summary>POSIX ustar, whose prefix field extends the name.</summary>
    public static bool IsUstar(ReadOnlySpan<byte> block) => block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    /// <summary>Old GNU, whose bytes after 345 mean times and sparse maps.</summary>
    public static bool IsGnu(ReadOnlySpan<byte> block) => block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>The bytes before the first NUL.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>An octal number between blanks and NULs, or with the top bit set a big-endian two's complement number (GNU base-256).</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: neither, or beyond 64 bits.</exception>
    public static long Number(ReadOnlySpan<byte> field, string name) =>
        TryNumber(field, out var value) ? value : throw SampanException.InvalidArgument($"invalid tar: bad {name} in a header");

    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        return (field[0] & 0x80) != 0 ? TryBinary(field, out value) : TryOctal(field, out value);
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long value)
    {
        // Bit 7 marks the encoding, bit 6 is the sign.
        value = (field[0] & 0x40) != 0 ? -1 : 0;
        var first = (long)(sbyte)(field[0] << 1) >> 1;
        for (var index = 0; index < field.Length; index++)
        {
            var top = value >> 55;
            if (top is not (0 or -1))
            {
                return false;
            }

            value = (value << 8) | (index == 0 ? first & 0xff : field[index]);
        }

        return true;
    }

    private static bool TryOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        var digits = field.Trim(" \0"u8);
        var end = digits.IndexOfAny((byte)' ', (byte)0);
        digits = end < 0 ? digits : digits[..end];
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }
}
