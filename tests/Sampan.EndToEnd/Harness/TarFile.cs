using System.Text;

namespace Sampan.EndToEnd.Harness;

/// <summary>Writes ustar archives byte by byte, so that a test can write what no tar program would.</summary>
public sealed class TarFile
{
    private readonly MemoryStream _bytes = new();

    /// <summary>The archive with its two closing blocks.</summary>
    public byte[] ToArray() => [.. _bytes.ToArray(), .. new byte[1024]];

    /// <summary>The archive as it is when the writer died.</summary>
    public byte[] Truncated(int bytes) => _bytes.ToArray()[..bytes];

    /// <summary>A regular file.</summary>
    public TarFile File(string name, string content = "") => Entry(name, '0', content: content);

    /// <summary>A folder.</summary>
    public TarFile Folder(string name) => Entry(name, '5', mode: "0000755");

    /// <summary>A symbolic link.</summary>
    public TarFile Link(string name, string target) => Entry(name, '2', link: target);

    /// <summary>A hard link.</summary>
    public TarFile HardLink(string name, string target) => Entry(name, '1', link: target);

    /// <summary>An entry with any type and any claimed size.</summary>
    public TarFile Entry(string name, char type, string link = "", string content = "", string mode = "0000644", string? size = null, bool badChecksum = false)
    {
        var header = new byte[512];
        var data = Encoding.UTF8.GetBytes(content);
        Put(header, 0, name);
        Put(header, 100, mode);
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        Put(header, 124, size ?? Convert.ToString(data.Length, 8).PadLeft(11, '0'));
        Put(header, 136, "00000000000");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\0" + "00");
        header.AsSpan(148, 8).Fill((byte)' ');
        var sum = header.Sum(value => value) + (badChecksum ? 1 : 0);
        Put(header, 148, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
        _bytes.Write(header);
        _bytes.Write(data);
        _bytes.Write(new byte[(512 - (data.Length % 512)) % 512]);
        return this;
    }

    private static void Put(byte[] header, int offset, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, offset);
}
