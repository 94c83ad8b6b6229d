using System.Buffers.Binary;

namespace Sampan.Linux.Netlink;

/// <summary>Attributes of an answer, one after the other (rtnetlink(3)).</summary>
/// <param name="rest">What follows the family's structure.</param>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>Type of the attribute at hand, without its flags.</summary>
    public ushort Type { get; private set; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next one.</summary>
    /// <returns>False when there is none.</returns>
    public bool Next()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < 4 || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & 0x3FFF);
        Value = _rest[4..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
