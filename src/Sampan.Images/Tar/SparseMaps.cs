using System.Buffers.Text;
using Sampan.Linux;

namespace Sampan.Images.Tar;

/// <summary>The four ways GNU tar writes down where a sparse file has data (GNU tar manual, "Storing Sparse Files").</summary>
internal static class SparseMaps
{
    // 16 bytes each: a map cannot make us hold more than 16 MiB.
    private const int MostExtents = 1 << 20;
    private const int SlotSize = 24;

    /// <summary>Slots of old GNU headers: 12 bytes offset, 12 bytes length.</summary>
    /// <returns>False at the first empty slot.</returns>
    public static bool AddSlots(ReadOnlySpan<byte> slots, List<SparseExtent> extents)
    {
        for (; slots.Length >= SlotSize; slots = slots[SlotSize..])
        {
            if (slots[0] == 0)
            {
                return false;
            }

            Add(extents, TarHeader.Number(slots[..12], "sparse offset"), TarHeader.Number(slots.Slice(12, 12), "sparse length"));
        }

        return true;
    }

    /// <summary>Format 0.1: "offset,length,offset,length".</summary>
    public static List<SparseExtent> ParseList(ReadOnlySpan<byte> text)
    {
        List<SparseExtent> extents = [];
        long? offset = null;
        while (!text.IsEmpty)
        {
            if (!Utf8Parser.TryParse(text, out long number, out var used) || (used < text.Length && text[used] != ','))
            {
                throw PaxRecords.Malformed();
            }

            if (offset is { } start)
            {
                Add(extents, start, number);
                offset = null;
            }
            else
            {
                offset = number;
            }

            text = text[Math.Min(text.Length, used + 1)..];
        }

        return offset is null ? extents : throw PaxRecords.Malformed();
    }

    /// <summary>Format 1.0: decimal lines before the data, their number first, padded to whole blocks.</summary>
    /// <param name="readBlock">Gives the next block of the entry's content.</param>
    public static List<SparseExtent> ReadLines(SparseBlockReader readBlock)
    {
        List<SparseExtent> extents = [];
        var block = new byte[TarHeader.BlockSize];
        var position = TarHeader.BlockSize;
        var count = NextNumber();
        if (count > MostExtents)
        {
            throw TooMany();
        }

        for (var index = 0L; index < count; index++)
        {
            var offset = NextNumber();
            Add(extents, offset, NextNumber());
        }

        return extents;

        long NextNumber()
        {
            long number = 0;
            for (var digits = 0; ; digits++)
            {
                if (position == TarHeader.BlockSize)
                {
                    readBlock(block);
                    position = 0;
                }

                var character = block[position++];
                if (character == '\n' && digits > 0)
                {
                    return number;
                }

                if (character is < (byte)'0' or > (byte)'9' || number > (long.MaxValue - 9) / 10)
                {
                    throw SampanException.InvalidArgument("invalid tar: malformed sparse map");
                }

                number = (number * 10) + (character - '0');
            }
        }
    }

    /// <summary>Extents must be in order, apart, inside the file, and add up to what is stored.</summary>
    public static void Check(List<SparseExtent> extents, long size, long storedSize)
    {
        long end = 0;
        long sum = 0;
        foreach (var extent in extents)
        {
            if (extent.Offset < end || extent.Length < 0 || extent.Length > size - extent.Offset)
            {
                throw SampanException.InvalidArgument("invalid tar: sparse map does not fit its file");
            }

            end = extent.Offset + extent.Length;
            sum += extent.Length;
        }

        if (sum != storedSize)
        {
            throw SampanException.InvalidArgument("invalid tar: sparse map does not fit its data");
        }
    }

    private static void Add(List<SparseExtent> extents, long offset, long length)
    {
        if (extents.Count == MostExtents)
        {
            throw TooMany();
        }

        extents.Add(new(offset, length));
    }

    private static SampanException TooMany() => SampanException.InvalidArgument($"invalid tar: a sparse file of more than {MostExtents} pieces");
}

/// <summary>Fills a block from the content of an entry.</summary>
internal delegate void SparseBlockReader(Span<byte> block);
