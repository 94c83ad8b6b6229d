using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    private const int ListingBuffer = 32 << 10;

    /// <summary>The names of this directory, from the beginning, in the file system's order.</summary>
    /// <returns>The entries, without "." and ".."; none of a directory that was removed since it was opened.</returns>
    /// <exception cref="LinuxException">getdents64(2) failed: ENOTDIR when this is none; EBADF when it was opened O_PATH.</exception>
    public IReadOnlyList<DirectoryEntry> ReadEntries()
    {
        Seek(0, SeekOrigin.Begin);
        List<DirectoryEntry> entries = [];
        var buffer = (byte*)NativeMemory.Alloc(ListingBuffer);
        try
        {
            while (true)
            {
                var result = Kernel.Call(SystemCall.Getdents64, handle, (nint)buffer, ListingBuffer);
                var length = result == -(int)Errno.ENOENT ? 0 : (int)Kernel.Check(result, "list directory", Describe());
                if (length == 0)
                {
                    return entries;
                }

                Parse(new(buffer, length), entries);
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name.
    private static void Parse(ReadOnlySpan<byte> records, List<DirectoryEntry> entries)
    {
        while (!records.IsEmpty)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(records[16..]);
            var name = records[19..size];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                // DT_ values are S_IFMT shifted down by twelve.
                entries.Add(new(FileName.FromBytes(name), (FileType)(records[18] << 12), BinaryPrimitives.ReadUInt64LittleEndian(records)));
            }

            records = records[size..];
        }
    }
}
