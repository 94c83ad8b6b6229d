using System.Buffers.Binary;
using System.Text;

namespace Sampan.Networking.Tests.Dns;

/// <summary>Queries, written by the tests themselves.</summary>
internal static class Question
{
    public const ushort A = 1;
    public const ushort Ptr = 12;
    public const ushort Mx = 15;
    public const ushort Text = 16;
    public const ushort Aaaa = 28;
    public const ushort Any = 255;

    public static byte[] Make(string name, ushort type = A, ushort id = 0x1234, int edns = 0, int version = 0, ushort flags = 0x0100, ushort kind = 1)
    {
        List<byte> bytes = [.. Number(id), .. Number(flags), 0, 1, 0, 0, 0, 0, 0, (byte)(edns > 0 ? 1 : 0)];
        bytes.AddRange([.. Name(name), .. Number(type), .. Number(kind)]);
        if (edns > 0)
        {
            bytes.AddRange([0, 0, 41, .. Number((ushort)edns), 0, (byte)version, 0, 0, 0, 0]);
        }

        return [.. bytes];
    }

    public static byte[] Name(string name)
    {
        List<byte> bytes = [];
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.AddRange([(byte)label.Length, .. Encoding.UTF8.GetBytes(label)]);
        }

        return [.. bytes, 0];
    }

    /// <summary>The answer to a query: its question, and records of its name.</summary>
    public static byte[] Answer(byte[] query, int code = 0, ushort flags = 0x8180, params byte[][] addresses)
    {
        var end = 12;
        while (query[end] != 0)
        {
            end += query[end] + 1;
        }

        end += 5;
        List<byte> bytes = [.. query[..2], .. Number((ushort)(flags | code)), 0, 1, .. Number((ushort)addresses.Length), 0, 0, 0, 0, .. query[12..end]];
        foreach (var address in addresses)
        {
            var type = address.Length switch { 4 => A, 16 => Aaaa, _ => Text };
            bytes.AddRange([0xC0, 12, .. Number(type), 0, 1, 0, 0, 0, 60, .. Number((ushort)address.Length), .. address]);
        }

        return [.. bytes];
    }

    public static byte[] Framed(params byte[][] messages) => [.. messages.SelectMany(message => (byte[])[.. Number((ushort)message.Length), .. message])];

    public static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
