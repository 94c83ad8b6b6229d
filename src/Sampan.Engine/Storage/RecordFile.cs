using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>A small file that is replaced as a whole: a reader sees the old content or the new, after a power cut too where it must last.</summary>
internal static class RecordFile
{
    private const int UsualLength = 8 << 10;

    public static byte[]? TryRead(string path)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file is null)
        {
            return null;
        }

        // A read of a regular file that does not fill the buffer has met the end: nearly every record takes one read and no more.
        Span<byte> buffer = stackalloc byte[UsualLength];
        var count = file.Read(buffer);
        return count < buffer.Length ? buffer[..count].ToArray() : [.. buffer, .. file.ReadToEnd()];
    }

    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="durable">fsync the file and its directory: it is to survive a power cut.</param>
    /// <exception cref="LinuxException">A call failed; the old file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool durable)
    {
        var temporary = path + ".new";
        try
        {
            WriteTemporary(temporary, content, durable);
        }
        catch (LinuxException exception) when (exception.Errno is (Errno.ENOSPC or Errno.EDQUOT) && Entries.Exists(path))
        {
            // No room for a second copy. What is there keeps its block: better overwritten in place than not at all.
            Entries.RemoveFile(temporary);
            Overwrite(path, content);
            return;
        }

        Entries.Rename(temporary, path);
        if (durable)
        {
            Entries.SynchronizeDirectory(path[..path.LastIndexOf('/')]);
        }
    }

    private static void Overwrite(string path, ReadOnlySpan<byte> content)
    {
        using var file = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.NoFollow);
        file.WriteAll(content);
        file.SetLength(content.Length);
    }

    private static void WriteTemporary(string temporary, ReadOnlySpan<byte> content, bool durable)
    {
        using var file = FileDescriptor.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, 0x180);
        file.WriteAll(content);
        if (durable)
        {
            file.Synchronize();
        }
    }
}
