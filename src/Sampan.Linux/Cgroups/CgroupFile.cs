using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>The few file operations a cgroup tree understands. Errors are values where a caller has a second plan.</summary>
internal static unsafe class CgroupFile
{
    private const int RemoveDirectoryFlag = 0x200;

    /// <summary>Writes a control file in one write(2), as the kernel wants it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">The text, ASCII.</param>
    /// <returns>None, or why not: ENOENT when the kernel has no such file.</returns>
    public static Errno TryWrite(string path, string value)
    {
        using var file = TryOpen(path, out var errno);
        return file is null ? errno : TryWrite(file, value);
    }

    /// <summary>Opens a control file for writing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errno">Why not: ENOENT when the kernel has no such file.</param>
    /// <returns>The file; null when it cannot be opened.</returns>
    public static FileDescriptor? TryOpen(string path, out Errno errno)
    {
        using var native = Kernel.Native(path);
        var descriptor = Kernel.Call(
            SystemCall.OpenAt, FileDescriptor.WorkingDirectory, native, (OpenFlags.WriteOnly | OpenFlags.CloseOnExec).ToKernel());
        errno = descriptor < 0 ? (Errno)(int)-descriptor : Errno.None;
        return descriptor < 0 ? null : new FileDescriptor((int)descriptor);
    }

    /// <summary>Writes into an open control file, in one write(2).</summary>
    /// <param name="file">The file. Where in it the writer is means nothing to the kernel.</param>
    /// <param name="value">The text, ASCII.</param>
    /// <returns>None, or why not.</returns>
    public static Errno TryWrite(FileDescriptor file, string value)
    {
        var bytes = value.Length <= 256 ? stackalloc byte[256] : new byte[value.Length];
        var result = file.TryWrite(bytes[..Encoding.ASCII.GetBytes(value, bytes)]);
        return result < 0 ? (Errno)(-result) : Errno.None;
    }

    /// <summary>Writes a control file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="LinuxException">It could not be written.</exception>
    public static void Write(string path, string value)
    {
        var errno = TryWrite(path, value);
        if (errno != Errno.None)
        {
            throw new LinuxException(errno, $"write {value} to", path);
        }
    }

    /// <summary>Reads a control file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text without the last newline, or null when there is no such file or group (ENODEV: removed meanwhile).</returns>
    /// <exception cref="LinuxException">It is there and cannot be read.</exception>
    public static string? TryRead(string path)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        if (file is null)
        {
            return null;
        }

        Span<byte> small = stackalloc byte[1024];
        var length = file.TryRead(small);
        if (length == -(int)Errno.ENODEV)
        {
            return null;
        }

        Kernel.Check(length, "read", path);
        return length < small.Length
            ? Encoding.UTF8.GetString(small[..length].TrimEnd((byte)'\n'))
            : Encoding.UTF8.GetString([.. small, .. file.ReadToEnd()]).TrimEnd('\n');
    }

    /// <summary>Reads a control file of a group, or of the nearest group above it that is there and has it.</summary>
    /// <param name="mountpoint">The tree.</param>
    /// <param name="path">The group's path below it, with a leading slash.</param>
    /// <param name="file">The file's name.</param>
    /// <returns>Its text without the last newline, or null when even the root group has no such file.</returns>
    /// <exception cref="LinuxException">It is there and cannot be read.</exception>
    public static string? TryReadInherited(string mountpoint, string path, string file)
    {
        while (true)
        {
            if (TryRead(mountpoint + path + "/" + file) is { } text)
            {
                return text;
            }

            if (path.Length == 0)
            {
                return null;
            }

            path = path[..path.LastIndexOf('/')];
        }
    }

    /// <summary>A number in a control file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The number; null when there is no such file, or it says "max".</returns>
    public static long? TryReadNumber(string path) => long.TryParse(TryRead(path), out var number) ? number : null;

    /// <summary>A number by its key in a control file of "key number" lines.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number; null when the file or the key is not there.</returns>
    public static long? TryReadNumber(string path, string key) => FindNumber(TryRead(path), key);

    /// <summary>A number by its key in text of "key number" lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key.</param>
    /// <returns>The number; null when the key is not there.</returns>
    public static long? FindNumber(ReadOnlySpan<char> text, string key)
    {
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                return long.TryParse(line[(key.Length + 1)..], out var number) ? number : null;
            }
        }

        return null;
    }

    /// <summary>Makes a group's directory and the groups above it.</summary>
    /// <param name="root">The mountpoint, which exists.</param>
    /// <param name="path">The group's path below it, with a leading slash.</param>
    /// <returns>None, or EEXIST when the group itself was there.</returns>
    /// <exception cref="LinuxException">mkdir(2) failed.</exception>
    public static Errno MakeDirectory(string root, string path)
    {
        var errno = TryMake(root + path);
        for (var slash = 1; errno == Errno.ENOENT && slash > 0 && slash < path.Length;)
        {
            slash = path.IndexOf('/', slash);
            var parent = slash < 0 ? path : path[..slash++];
            var made = TryMake(root + parent);
            if (slash < 0)
            {
                errno = made;
            }
            else if (made is not Errno.None and not Errno.EEXIST)
            {
                throw new LinuxException(made, "make cgroup", root + parent);
            }
        }

        return errno is Errno.None or Errno.EEXIST ? errno : throw new LinuxException(errno, "make cgroup", root + path);
    }

    /// <summary>Removes a group's directory.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>None, ENOENT, or EBUSY while it has processes or groups.</returns>
    public static Errno RemoveDirectory(string path)
    {
        using var native = Kernel.Native(path);
        var result = Kernel.Call(SystemCall.UnlinkAt, FileDescriptor.WorkingDirectory, native, RemoveDirectoryFlag);
        return result < 0 ? (Errno)(int)-result : Errno.None;
    }

    private static Errno TryMake(string path)
    {
        using var native = Kernel.Native(path);
        var result = Kernel.Call(SystemCall.MkdirAt, FileDescriptor.WorkingDirectory, native, 0x1ED);
        return result < 0 ? (Errno)(int)-result : Errno.None;
    }
}
