using System.Buffers.Binary;
using System.Text;

namespace Sampan.Linux.Dbus;

/// <summary>Reads D-Bus's wire form, little-endian. What does not fit in the bytes is an error: the peer is not trusted to be right.</summary>
public ref struct DbusReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Starts at the first byte, which must be aligned to 8 in its message.</summary>
    /// <param name="bytes">The bytes.</param>
    public DbusReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Where the next value begins, before its padding.</summary>
    public int Position { get; private set; }

    /// <summary>Skips padding.</summary>
    /// <param name="boundary">1, 2, 4 or 8.</param>
    public void Align(int boundary) => Position = (Position + boundary - 1) & -boundary;

    /// <summary>y.</summary>
    /// <returns>The byte.</returns>
    public byte ReadByte() => Take(1)[0];

    /// <summary>u.</summary>
    /// <returns>The number.</returns>
    public uint ReadUInt32()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    /// <summary>t.</summary>
    /// <returns>The number.</returns>
    public ulong ReadUInt64()
    {
        Align(8);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    /// <summary>s or o.</summary>
    /// <returns>The string.</returns>
    public string ReadString()
    {
        var text = Encoding.UTF8.GetString(Take(checked((int)Math.Min(ReadUInt32(), int.MaxValue))));
        Take(1);
        return text;
    }

    /// <summary>g.</summary>
    /// <returns>The signature.</returns>
    public string ReadSignature()
    {
        var text = Encoding.ASCII.GetString(Take(ReadByte()));
        Take(1);
        return text;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Position > _bytes.Length || count > _bytes.Length - Position)
        {
            throw new SampanException(ErrorKind.Internal, "a D-Bus message ends within a value");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
