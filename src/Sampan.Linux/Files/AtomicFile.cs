namespace Sampan.Linux.Files;

/// <summary>Files that are replaced whole: a reader sees the old content or the new, also after a crash (rename(2)).</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a temporary file beside the target, syncs it and renames it over the target. The temporary name is fixed and guarded by a
    /// flock, so writers queue up and a writer that was killed leaves at most one file, which the next one takes over.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="content">Everything it shall contain.</param>
    /// <param name="permissions">Permission bits.</param>
    /// <param name="durable">False skips fsync: right for what need not survive a power cut.</param>
    /// <exception cref="LinuxException">A call failed (ENOSPC, EROFS, EACCES); the target is unchanged.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, int permissions = 0x180, bool durable = true)
    {
        var slash = path.LastIndexOf('/');
        var directoryPath = slash > 0 ? path[..slash] : slash == 0 ? "/" : ".";
        using var directory = FileDescriptor.Open(directoryPath, OpenFlags.ReadOnly | OpenFlags.Directory);
        WriteAt(directory, path[(slash + 1)..], content, permissions, durable);
    }

    /// <summary>The same in an open directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">Name of the file in it.</param>
    /// <param name="content">Everything it shall contain.</param>
    /// <param name="permissions">Permission bits.</param>
    /// <param name="durable">False skips fsync.</param>
    /// <exception cref="LinuxException">A call failed; the target is unchanged.</exception>
    public static void WriteAt(FileDescriptor directory, string name, ReadOnlySpan<byte> content, int permissions = 0x180, bool durable = true)
    {
        var temporary = $".{name}.tmp";
        using var file = OpenTemporary(directory, temporary);
        try
        {
            file.SetLength(0);
            file.SetPermissions(permissions);
            file.WriteAll(content);
            if (durable)
            {
                file.Synchronize();
            }

            directory.Rename(temporary, directory, name);
        }
        catch (LinuxException)
        {
            // Its name is ours while we hold its lock. A full disk wants the space back.
            directory.Unlink(temporary);
            throw;
        }

        if (durable)
        {
            directory.Synchronize();
        }
    }

    private static FileDescriptor OpenTemporary(FileDescriptor directory, string name)
    {
        while (true)
        {
            var file = directory.TryOpenAt(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, 0x180, out var errno)
                ?? throw new LinuxException(errno, "create", name);
            try
            {
                FileLock.Lock(file, exclusive: true);

                // The writer before us may have renamed this very file into place while we waited: then it is not ours to change.
                if (directory.TryStatusAt(name) is { } status && status.IsSameFile(file.Status()))
                {
                    var mine = file;
                    file = null;
                    return mine;
                }
            }
            finally
            {
                file?.Dispose();
            }
        }
    }
}
