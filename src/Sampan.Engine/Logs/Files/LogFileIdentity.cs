using System.Buffers.Binary;
using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>
/// What tells a file of a log from the others, whatever its name is now: the inode it was written to. A packed file has it from the plain
/// one, whose inode number the next file may get: hence the generation.
/// </summary>
/// <param name="Inode">Inode number.</param>
/// <param name="Generation">Made of the file's handle.</param>
internal readonly record struct LogFileIdentity(ulong Inode, ulong Generation)
{
    // gzip (RFC 1952): magic, deflate, FEXTRA, no time, no level, unix; a field "SI" of 16 bytes.
    private static ReadOnlySpan<byte> Beginning => [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 20, 0, (byte)'S', (byte)'I', 16, 0];

    // An empty block, its checksum and its length: what follows is a member of its own.
    private static ReadOnlySpan<byte> End => [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The identity of a plain file.</summary>
    public static LogFileIdentity Of(FileDescriptor file)
    {
        // FNV-1a: handles are up to 128 bytes, of which a few differ.
        var generation = 0xcbf29ce484222325;
        foreach (var value in file.Handle())
        {
            generation = (generation ^ value) * 0x100000001b3;
        }

        return new(file.Status().Inode, generation);
    }

    /// <summary>An empty gzip member that says which file the next one holds; every reader of gzip passes over it (RFC 1952, 2.2).</summary>
    public byte[] Header()
    {
        var header = new byte[Beginning.Length + 16 + End.Length];
        Beginning.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), Inode);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), Generation);
        End.CopyTo(header.AsSpan(32));
        return header;
    }

    /// <summary>Reads what <see cref="Header"/> wrote.</summary>
    /// <param name="file">First bytes of a file.</param>
    /// <returns>Null when it begins with something else.</returns>
    public static LogFileIdentity? TryRead(ReadOnlySpan<byte> file) => file.Length >= 32 && file.StartsWith(Beginning)
        ? new(BinaryPrimitives.ReadUInt64LittleEndian(file[16..]), BinaryPrimitives.ReadUInt64LittleEndian(file[24..]))
        : null;
}
