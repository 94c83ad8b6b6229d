using System.Text;

namespace Sampan.Runtime.Checkpoints.Protobuf;

/// <summary>Writes a message field by field (protobuf.dev, "Encoding"): the kinds of field criu's messages have.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>The message so far.</summary>
    /// <returns>A copy.</returns>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>int32, uint32, int64, an enumeration. Negative numbers take ten bytes, as the encoding demands of both int32 and int64.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The number.</param>
    public void WriteNumber(int field, long value)
    {
        WriteTag(field, ProtobufWireType.Varint);
        WriteVarint((ulong)value);
    }

    /// <summary>bool.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The value.</param>
    public void WriteBoolean(int field, bool value) => WriteNumber(field, value ? 1 : 0);

    /// <summary>string.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="text">The text.</param>
    public void WriteText(int field, string text) => WriteBytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A message in this one.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="write">Writes its fields.</param>
    public void WriteMessage(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        WriteBytes(field, inner.ToArray());
    }

    private void WriteBytes(int field, byte[] bytes)
    {
        WriteTag(field, ProtobufWireType.Delimited);
        WriteVarint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
    }

    private void WriteTag(int field, ProtobufWireType type) => WriteVarint(((ulong)field << 3) | (ulong)type);

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
