using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sampan.Linux.Dbus;

/// <summary>Values in D-Bus's wire form, little-endian (D-Bus Specification, "Marshaling"). The caller keeps them in step with a signature.</summary>
public sealed class DbusWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes so far.</summary>
    public int Length => _bytes.Count;

    /// <summary>All bytes.</summary>
    /// <returns>A copy.</returns>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Pads with zeros up to a boundary.</summary>
    /// <param name="boundary">1, 2, 4 or 8.</param>
    public void Align(int boundary)
    {
        while (_bytes.Count % boundary != 0)
        {
            _bytes.Add(0);
        }
    }

    /// <summary>y: one byte.</summary>
    /// <param name="value">The byte.</param>
    public void WriteByte(byte value) => _bytes.Add(value);

    /// <summary>b: a truth value, four bytes wide.</summary>
    /// <param name="value">The value.</param>
    public void WriteBoolean(bool value) => WriteUInt32(value ? 1U : 0);

    /// <summary>q: 16 bits.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt16(ushort value)
    {
        Align(2);
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    /// <summary>u: 32 bits.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt32(uint value)
    {
        Align(4);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    /// <summary>t: 64 bits.</summary>
    /// <param name="value">The number.</param>
    public void WriteUInt64(ulong value)
    {
        Align(8);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    /// <summary>s, or o: UTF-8 behind its length, with a NUL.</summary>
    /// <param name="value">The string, without NUL.</param>
    public void WriteString(string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        WriteUInt32((uint)text.Length);
        _bytes.AddRange(text);
        _bytes.Add(0);
    }

    /// <summary>g: a signature.</summary>
    /// <param name="value">The signature.</param>
    public void WriteSignature(string value)
    {
        _bytes.Add((byte)value.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(value));
        _bytes.Add(0);
    }

    /// <summary>Begins an array.</summary>
    /// <param name="boundary">Alignment of its elements; the padding before the first does not count as content.</param>
    /// <returns>For <see cref="EndArray"/>.</returns>
    public (int Length, int Start) BeginArray(int boundary)
    {
        WriteUInt32(0);
        var length = _bytes.Count - 4;
        Align(boundary);
        return (length, _bytes.Count);
    }

    /// <summary>Ends an array: its length in bytes goes to its head.</summary>
    /// <param name="array">From <see cref="BeginArray"/>.</param>
    public void EndArray((int Length, int Start) array) =>
        BinaryPrimitives.WriteUInt32LittleEndian(CollectionsMarshal.AsSpan(_bytes)[array.Length..], (uint)(_bytes.Count - array.Start));

    /// <summary>Appends a finished message's part as it is.</summary>
    /// <param name="bytes">The part, aligned by the caller.</param>
    internal void Append(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
}
