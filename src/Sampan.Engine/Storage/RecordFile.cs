using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>A small file that is replaced as a whole: a reader sees the old content or the new, after a power cut too where it must last.</summary>
internal static class RecordFile
{
    private const int UsualLength = 8 << 10;

    /// <summary>Reads it.</summary>
    /// <returns>Null when it is not there; nothing, which is no record, where it is no regular file.</returns>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static byte[]? TryRead(string path)
    {
        using var file = FileDescriptor.TryOpenRegular(path, OpenFlags.ReadOnly, 0, out var isOther);
        if (file is null)
        {
            return isOther ? [] : null;
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
        catch (LinuxException exception)
        {
            Entries.RemoveFile(temporary);
            if (exception.Errno is (Errno.ENOSPC or Errno.EDQUOT) && TryOverwrite(path, content))
            {
                return;
            }

            throw;
        }

        if (FileDescriptor.TryStatus(path) is { IsDirectory: true })
        {
            // Damaged: rename(2) puts a file over anything else.
            FileTree.Remove(path);
        }

        Entries.Rename(temporary, path);
        if (durable)
        {
            Entries.SynchronizeDirectory(path[..path.LastIndexOf('/')]);
        }
    }

    // No room for a second copy. What is there keeps its blocks: better overwritten in place than not at all, unless it needs more of them.
    private static bool TryOverwrite(string path, ReadOnlySpan<byte> content)
    {
        const int blockSize = 512;
        using var file = FileDescriptor.TryOpenRegular(path, OpenFlags.WriteOnly, 0, out _);
        if (file is null || file.Status().Blocks * blockSize < content.Length)
        {
            return false;
        }

        file.WriteAll(content);
        file.SetLength(content.Length);
        return true;
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
