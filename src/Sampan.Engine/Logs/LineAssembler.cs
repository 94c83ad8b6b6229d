namespace Sampan.Engine.Logs;

/// <summary>
/// The beginning of a line whose end has not come, of one stream. A line longer than 16 KiB is cut into pieces as docker's copier does,
/// but never inside a character.
/// </summary>
internal sealed class LineAssembler
{
    /// <summary>Longest piece.</summary>
    public const int MaximumPiece = 16 << 10;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Pieces of the line that have been handed over.</summary>
    public int Pieces { get; set; }

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _length);

    /// <summary>How many bytes of a longer line make one piece: not more than fit, and whole characters if it is UTF-8.</summary>
    public static int PieceLength(ReadOnlySpan<byte> line)
    {
        if (line.Length <= MaximumPiece)
        {
            return line.Length;
        }

        // A character has at most three continuation bytes (10xxxxxx).
        for (var length = MaximumPiece; length > MaximumPiece - 4; length--)
        {
            if ((line[length] & 0xC0) != 0x80)
            {
                return length;
            }
        }

        return MaximumPiece;
    }

    /// <summary>Adds as much as there is room for.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, MaximumPiece + 4 - _length);
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(MaximumPiece + 4, Math.Max(256, (_length + count) * 2)));
        }

        bytes[..count].CopyTo(_bytes.AsSpan(_length));
        _length += count;
        return count;
    }

    /// <summary>Forgets bytes from the beginning.</summary>
    public void Drop(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }

    public void Trim()
    {
        if (_length == 0)
        {
            _bytes = [];
        }
    }
}
