using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>Files that are to be regular ones, where damage or malice may have put something else.</summary>
public sealed partial class FileDescriptor
{
    /// <summary>
    /// Opens a regular file. What is none is neither waited for (a fifo blocks its opener, fifo(7)) nor followed (a link) nor read (a
    /// directory, a device).
    /// </summary>
    /// <param name="path">Host path; a link at its end is something else.</param>
    /// <param name="flags">O_ flags; O_NOFOLLOW, O_NONBLOCK and O_CLOEXEC are added.</param>
    /// <param name="mode">Permission bits of a file that is created.</param>
    /// <param name="isOther">Something else is there.</param>
    /// <returns>The open descriptor; null when nothing is there, or something else.</returns>
    /// <exception cref="LinuxException">open(2) failed otherwise.</exception>
    public static FileDescriptor? TryOpenRegular(string path, OpenFlags flags, int mode, out bool isOther)
    {
        using var native = Kernel.Native(path);
        var result = OpenRaw(WorkingDirectory, native, flags | OpenFlags.NoFollow | OpenFlags.NonBlocking, mode);
        isOther = result is -(int)Errno.ELOOP or -(int)Errno.EISDIR or -(int)Errno.ENXIO;
        if (isOther || result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR)
        {
            return null;
        }

        var file = new FileDescriptor((int)Kernel.Check(result, "open", path));
        if (file.Status().Type == FileType.Regular)
        {
            return file;
        }

        file.Dispose();
        isOther = true;
        return null;
    }

    /// <summary>The same, where something else is an error.</summary>
    /// <inheritdoc cref="TryOpenRegular(string, OpenFlags, int, out bool)"/>
    /// <returns>The open descriptor; null when nothing is there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: it is no regular file.</exception>
    public static FileDescriptor? TryOpenRegular(string path, OpenFlags flags, int mode = 0) =>
        TryOpenRegular(path, flags, mode, out var isOther) is { } file ? file
        : isOther ? throw new SampanException(ErrorKind.Internal, $"{path} is damaged: it is no regular file, remove it")
        : null;
}
