using System.Text;
using Sampan.Linux;

namespace Sampan.Runtime.Checkpoints.Protobuf;

/// <summary>
/// Reads a message field by field (protobuf.dev, "Encoding"). A field is read by the method of its kind, or skipped; one of another kind
/// than asked for, like one that is cut off, is an error.
/// </summary>
/// <param name="message">The message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;
    private ProtobufWireType _type;

    /// <summary>Goes to the next field.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: the message is damaged.</exception>
    public bool Next(out int field)
    {
        if (_rest.IsEmpty)
        {
            field = 0;
            return false;
        }

        var tag = ReadVarint();
        field = (int)(tag >> 3);
        _type = (ProtobufWireType)(tag & 7);
        return field > 0 && tag >> 3 <= int.MaxValue ? true : throw Damaged("a field has no number");
    }

    /// <summary>The field's number or truth value.</summary>
    /// <returns>As 64 bits; a negative int32 is negative.</returns>
    /// <exception cref="SampanException">The message is damaged.</exception>
    public long ReadNumber() => _type == ProtobufWireType.Varint ? (long)ReadVarint() : throw Damaged($"a number has wire type {_type}");

    /// <summary>The field's bytes: a message in this one.</summary>
    /// <returns>A part of the message.</returns>
    /// <exception cref="SampanException">The message is damaged.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (_type != ProtobufWireType.Delimited)
        {
            throw Damaged($"bytes have wire type {_type}");
        }

        var length = ReadVarint();
        return length <= int.MaxValue ? Take((int)length) : throw Damaged("a field is longer than its message");
    }

    /// <summary>The field's text.</summary>
    /// <returns>The text; bytes that are no UTF-8 are replaced.</returns>
    /// <exception cref="SampanException">The message is damaged.</exception>
    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Passes over the field: whoever sent it knows more than we do.</summary>
    /// <exception cref="SampanException">The message is damaged.</exception>
    public void Skip()
    {
        switch (_type)
        {
            case ProtobufWireType.Varint:
                ReadVarint();
                break;
            case ProtobufWireType.Fixed64:
                Take(8);
                break;
            case ProtobufWireType.Delimited:
                ReadBytes();
                break;
            case ProtobufWireType.Fixed32:
                Take(4);
                break;
            default:
                throw Damaged($"unknown wire type {(int)_type}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Damaged("a field is longer than its message");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var index = 0; index < LongestVarint; index++)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number has more than 64 bits");
    }

    private static SampanException Damaged(string how) => new(ErrorKind.Internal, $"protobuf message is damaged: {how}");
}
