using System.Globalization;
using System.Text;

namespace Sampan.Images.Tar;

/// <summary>Writes archives that are the same for the same content: ustar headers, pax records only for what those cannot hold.</summary>
internal sealed class TarWriter(Stream output)
{
    private const int NameLength = 100;
    private const long LargestOctal7 = 0x1f_ffff;
    private const long LargestOctal11 = 0x1_ffff_ffff;
    private static readonly byte[] Zeros = new byte[2 * TarHeader.BlockSize];
    private long _padding;

    /// <summary>Writes an entry's header; <see cref="TarEntry.StoredSize"/> bytes of content have to follow.</summary>
    public void WriteHeader(TarEntry entry)
    {
        Pad();
        var map = entry.Extents is null ? [] : SparseMap(entry.Extents);
        var size = entry.StoredSize + map.Length;
        var records = Records(entry, size);
        var name = entry.Name.Bytes;
        if (records.Length > 0)
        {
            // The name of the extended header matters to nobody who understands it.
            WriteBlock("PaxHeaders/entry"u8, 'x', records.Length, new TarEntry { Permissions = 0x1a4 });
            output.Write(records);
            SetPadding(records.Length);
            Pad();
        }

        WriteBlock(name[..Math.Min(name.Length, NameLength)], (char)entry.Type, size, entry);
        output.Write(map);
        SetPadding(size);
    }

    /// <summary>Writes content of the last entry.</summary>
    public void Write(ReadOnlySpan<byte> content) => output.Write(content);

    /// <summary>Writes the end mark.</summary>
    public void Finish()
    {
        Pad();
        output.Write(Zeros);
        output.Flush();
    }

    private static byte[] SparseMap(IReadOnlyList<SparseExtent> extents)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{extents.Count}\n");
        foreach (var extent in extents)
        {
            text.Append(CultureInfo.InvariantCulture, $"{extent.Offset}\n{extent.Length}\n");
        }

        var bytes = Encoding.ASCII.GetBytes(text.ToString());
        Array.Resize(ref bytes, (bytes.Length + TarHeader.BlockSize - 1) & -TarHeader.BlockSize);
        return bytes;
    }

    private static ReadOnlySpan<byte> Records(TarEntry entry, long size)
    {
        var records = new PaxRecordWriter();
        if (entry.Extents is not null)
        {
            records.Add("GNU.sparse.major", "1"u8);
            records.Add("GNU.sparse.minor", "0"u8);
            records.Add("GNU.sparse.name", entry.Name.Bytes);
            records.Add("GNU.sparse.realsize", entry.Size);
        }
        else if (entry.Name.Bytes.Length > NameLength)
        {
            records.Add("path", entry.Name.Bytes);
        }

        if (entry.LinkName.Bytes.Length > NameLength)
        {
            records.Add("linkpath", entry.LinkName.Bytes);
        }

        if (size > LargestOctal11)
        {
            records.Add("size", size);
        }

        if (entry.UserId > LargestOctal7)
        {
            records.Add("uid", entry.UserId);
        }

        if (entry.GroupId > LargestOctal7)
        {
            records.Add("gid", entry.GroupId);
        }

        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds is < 0 or > LargestOctal11)
        {
            records.AddTime("mtime", entry.Modified);
        }

        foreach (var attribute in entry.Attributes)
        {
            records.Add("SCHILY.xattr." + attribute.Key, attribute.Value);
        }

        return records.Written;
    }

    private static void Octal(Span<byte> field, long value, long largest)
    {
        // What does not fit stands in a pax record.
        var rest = value < 0 || value > largest ? 0 : value;
        for (var index = field.Length - 2; index >= 0; index--)
        {
            field[index] = (byte)('0' + (rest & 7));
            rest >>= 3;
        }
    }

    private void WriteBlock(ReadOnlySpan<byte> name, char flag, long size, TarEntry entry)
    {
        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        block.Clear();
        name.CopyTo(block);
        Octal(block.Slice(100, 8), entry.Permissions, LargestOctal7);
        Octal(block.Slice(108, 8), entry.UserId, LargestOctal7);
        Octal(block.Slice(116, 8), entry.GroupId, LargestOctal7);
        Octal(block.Slice(124, 12), size, LargestOctal11);
        Octal(block.Slice(136, 12), entry.Modified.Seconds, LargestOctal11);
        block[156] = (byte)flag;
        var link = entry.LinkName.Bytes;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block[157..]);
        "ustar\u000000"u8.CopyTo(block[257..]);
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            Octal(block.Slice(329, 8), entry.DeviceMajor, LargestOctal7);
            Octal(block.Slice(337, 8), entry.DeviceMinor, LargestOctal7);
        }

        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in block)
        {
            sum += value;
        }

        Octal(block.Slice(148, 7), sum, LargestOctal7);
        block[154] = 0;
        output.Write(block);
    }

    private void SetPadding(long size) => _padding = -size & (TarHeader.BlockSize - 1);

    private void Pad()
    {
        output.Write(Zeros.AsSpan(0, (int)_padding));
        _padding = 0;
    }
}
