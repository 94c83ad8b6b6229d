using System.Buffers.Binary;

namespace Sampan.Engine.Logs;

/// <summary>
/// A record of docker's local log: a protobuf message (source = 1, time_nano = 2, line = 3, partial = 4, partial_log_metadata = 5 with
/// last = 1 and ordinal = 3) between its length, big-endian, before and after it, so that it can be read in both directions.
/// </summary>
internal static class LocalRecord
{
    /// <summary>Bytes of a length.</summary>
    public const int Frame = 4;

    /// <summary>The most a record is longer than its text.</summary>
    public const int Overhead = 64;

    /// <summary>Longest record that is one: 16 KiB of text and what docker puts around it.</summary>
    public const int MaximumLength = 1 << 20;

    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;

    /// <summary>Writes a record with its lengths.</summary>
    /// <param name="message">The line.</param>
    /// <param name="target">At least <see cref="Overhead"/> longer than the text.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(in LogMessage message, Span<byte> target)
    {
        var position = Frame;
        position += WriteBytes(target[position..], 1, message.Stream == LogStream.Stderr ? "stderr"u8 : "stdout"u8);
        target[position++] = (2 << 3) | VarintType;
        position += WriteVarint(target[position..], (ulong)((message.Time.Seconds * 1_000_000_000) + message.Time.Nanoseconds));
        position += WriteBytes(target[position..], 3, message.Text);
        if (message.Piece > 0)
        {
            target[position++] = (4 << 3) | VarintType;
            target[position++] = 1;
            position += WritePiece(message, target[position..]);
        }

        BinaryPrimitives.WriteInt32BigEndian(target, position - Frame);
        BinaryPrimitives.WriteInt32BigEndian(target[position..], position - Frame);
        return position + Frame;
    }

    /// <summary>Takes the next field of a message.</summary>
    /// <param name="message">What is left of it.</param>
    /// <param name="field">Its number.</param>
    /// <param name="number">Its value where it is a number.</param>
    /// <param name="bytes">Its value where it is bytes.</param>
    /// <returns>False at the end, or where the message is damaged: <paramref name="message"/> is not empty then.</returns>
    public static bool TryTakeField(ref ReadOnlySpan<byte> message, out int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        (field, number) = (0, 0);
        bytes = default;
        var rest = message;
        if (!TryTakeVarint(ref rest, out var key))
        {
            return false;
        }

        field = (int)(key >> 3);
        switch ((int)(key & 7))
        {
            case VarintType when TryTakeVarint(ref rest, out number):
                break;
            case Fixed64Type when rest.Length >= 8:
                rest = rest[8..];
                break;
            case Fixed32Type when rest.Length >= 4:
                rest = rest[4..];
                break;
            case BytesType when TryTakeVarint(ref rest, out var length) && length <= (ulong)rest.Length:
                bytes = rest[..(int)length];
                rest = rest[(int)length..];
                break;
            default:
                return false;
        }

        message = rest;
        return true;
    }

    private static int WritePiece(in LogMessage message, Span<byte> target)
    {
        Span<byte> metadata = stackalloc byte[16];
        var length = 0;
        if (message.EndsLine)
        {
            metadata[length++] = (1 << 3) | VarintType;
            metadata[length++] = 1;
        }

        metadata[length++] = (3 << 3) | VarintType;
        length += WriteVarint(metadata[length..], (ulong)message.Piece);
        return WriteBytes(target, 5, metadata[..length]);
    }

    private static int WriteBytes(Span<byte> target, int field, ReadOnlySpan<byte> value)
    {
        target[0] = (byte)((field << 3) | BytesType);
        var position = 1 + WriteVarint(target[1..], (ulong)value.Length);
        value.CopyTo(target[position..]);
        return position + value.Length;
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[length++] = (byte)(value | 0x80);
        }

        target[length++] = (byte)value;
        return length;
    }

    private static bool TryTakeVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var index = 0; index < Math.Min(10, bytes.Length); index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
