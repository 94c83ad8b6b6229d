using System.Text;

namespace Sampan.Images.Tests.Tar;

/// <summary>Builds archives byte by byte, also such as no tar program would write.</summary>
internal sealed class RawTar
{
    private readonly List<byte> _bytes = [];

    /// <summary>The archive with its end mark.</summary>
    public byte[] Bytes => [.. _bytes, .. new byte[1024]];

    public RawTar File(string name, string content = "evil", string mode = "0000644") => Entry(name, '0', content, mode: mode);

    public RawTar Directory(string name, string mode = "0000755") => Entry(name, '5', mode: mode);

    public RawTar Symlink(string name, string target) => Entry(name, '2', link: target);

    public RawTar HardLink(string name, string target) => Entry(name, '1', link: target);

    /// <summary>A pax header for the next entry; records are "key=value".</summary>
    public RawTar Pax(params string[] records) => Entry("pax", 'x', string.Concat(records.Select(Record)));

    public RawTar Entry(string name, char type, string content = "", string link = "", string mode = "0000644", string? size = null, string major = "0000000", string minor = "0000000")
    {
        var data = Encoding.Latin1.GetBytes(content);
        var block = new byte[512];
        Put(block, 0, name);
        Put(block, 100, mode);
        Put(block, 108, "0000000");
        Put(block, 116, "0000000");
        Put(block, 124, size ?? Convert.ToString(data.Length, 8).PadLeft(11, '0'));
        Put(block, 136, "00000000000");
        block[156] = (byte)type;
        Put(block, 157, link);
        Put(block, 257, "ustar\u000000");
        Put(block, 329, major);
        Put(block, 337, minor);
        return Raw(Signed(block)).Raw(data).Raw(new byte[-data.Length & 511]);
    }

    public RawTar Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Sets the checksum of a header block.</summary>
    public static byte[] Signed(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        Put(block, 148, Convert.ToString(block.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        return block;
    }

    public static string Record(string text)
    {
        var length = text.Length + 3;
        while (length.ToString(null as IFormatProvider).Length + text.Length + 2 != length)
        {
            length++;
        }

        return $"{length} {text}\n";
    }

    private static void Put(byte[] block, int offset, string text) => Encoding.Latin1.GetBytes(text).CopyTo(block, offset);
}
