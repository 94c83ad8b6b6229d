using System.Buffers.Binary;

namespace Sampan.Runtime.Seccomp;

/// <summary>
/// The file of a compiled filter: magic, length of the key, length of the program (little-endian u32), key, program, and a checksum (u64)
/// of all before it.
/// </summary>
internal static class SeccompCacheEntry
{
    private const int HeaderLength = 16;
    private const int ChecksumLength = 8;

    private static ReadOnlySpan<byte> Magic => "SAMPBPF1"u8;

    /// <summary>Lays out an entry.</summary>
    /// <param name="key">What the program was compiled from.</param>
    /// <param name="program">The program.</param>
    /// <returns>The file's content.</returns>
    public static byte[] Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> program)
    {
        var entry = new byte[HeaderLength + key.Length + program.Length + ChecksumLength];
        Magic.CopyTo(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), program.Length);
        key.CopyTo(entry.AsSpan(HeaderLength));
        program.CopyTo(entry.AsSpan(HeaderLength + key.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(entry.Length - ChecksumLength), Hash(entry.AsSpan(0, entry.Length - ChecksumLength)));
        return entry;
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The file's content.</param>
    /// <param name="key">The key it must have.</param>
    /// <returns>The program, or null when the entry is damaged or another key's.</returns>
    public static byte[]? TryRead(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> key)
    {
        if (entry.Length < HeaderLength + key.Length + ChecksumLength || !entry.StartsWith(Magic))
        {
            return null;
        }

        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
        var programLength = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);
        var body = entry[..^ChecksumLength];
        return keyLength == key.Length
            && programLength > 0
            && programLength % 8 == 0
            && body.Length == HeaderLength + keyLength + (long)programLength
            && body.Slice(HeaderLength, keyLength).SequenceEqual(key)
            && BinaryPrimitives.ReadUInt64LittleEndian(entry[^ChecksumLength..]) == Hash(body)
                ? body[(HeaderLength + keyLength)..].ToArray()
                : null;
    }

    /// <summary>A 64-bit hash by words, FNV-1a's step with a fold: quick, and enough to notice damage and to spread names.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The hash.</returns>
    public static ulong Hash(ReadOnlySpan<byte> data)
    {
        var hash = 0xCBF2_9CE4_8422_2325UL ^ (ulong)data.Length;
        while (data.Length >= 8)
        {
            hash = Step(hash, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (var value in data)
        {
            hash = Step(hash, value);
        }

        return hash;
    }

    private static ulong Step(ulong hash, ulong word)
    {
        hash = (hash ^ word) * 0x100_0000_01B3;
        return hash ^ (hash >> 29);
    }
}
