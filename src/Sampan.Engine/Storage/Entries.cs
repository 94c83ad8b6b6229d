using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Storage;

/// <summary>Entries of the engine's own directories, which nothing but the engine writes.</summary>
internal static class Entries
{
    /// <summary>0755.</summary>
    public const int PublicDirectory = 0x1ED;

    /// <summary>0711: what is inside can be reached by who knows its name, a container's user for instance, and not listed.</summary>
    public const int PassableDirectory = 0x1C9;

    /// <summary>0644.</summary>
    public const int PublicFile = 0x1A4;

    /// <summary>0700.</summary>
    public const int PrivateDirectory = 0x1C0;

    /// <summary>renameat2(2).</summary>
    public static void Rename(string from, string to) => Kernel.Check(RenameRaw(from, to), "rename", from);

    /// <summary>The same; false when there is nothing to rename.</summary>
    public static bool TryRename(string from, string to)
    {
        var result = RenameRaw(from, to);
        return result != -(int)Errno.ENOENT && Kernel.Check(result, "rename", from) == 0;
    }

    /// <summary>Makes a directory, its parents too where they are not there.</summary>
    public static void MakeDirectory(string path, int mode)
    {
        using var native = Kernel.Native(path);
        var result = Kernel.Call(SystemCall.MkdirAt, FileDescriptor.WorkingDirectory, native, mode);
        if (result == -(int)Errno.ENOENT && path.LastIndexOf('/') > 0)
        {
            MakeDirectory(path[..path.LastIndexOf('/')], PassableDirectory);
            result = Kernel.Call(SystemCall.MkdirAt, FileDescriptor.WorkingDirectory, native, mode);
        }

        if (result != -(int)Errno.EEXIST)
        {
            Kernel.Check(result, "make directory", path);
        }
    }

    /// <summary>Removes a file; one that is not there is no error.</summary>
    public static void RemoveFile(string path) => Remove(path, 0);

    /// <summary>Removes an empty directory; one that is not there is no error.</summary>
    public static void RemoveDirectory(string path) => Remove(path, 0x200);

    public static bool Exists(string path)
    {
        using var native = Kernel.Native(path);
        return Kernel.Call(SystemCall.FaccessAt2, FileDescriptor.WorkingDirectory, native, 0, 0x100) >= 0;
    }

    /// <summary>fsync(2) of a directory: a rename in it survives a power cut.</summary>
    public static void SynchronizeDirectory(string path)
    {
        using var directory = FileDescriptor.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        directory.Synchronize();
    }

    private static void Remove(string path, int flags)
    {
        using var native = Kernel.Native(path);
        var result = Kernel.Call(SystemCall.UnlinkAt, FileDescriptor.WorkingDirectory, native, flags);
        if (result is not (-(int)Errno.ENOENT or -(int)Errno.ENOTDIR))
        {
            Kernel.Check(result, "remove", path);
        }
    }

    private static nint RenameRaw(string from, string to)
    {
        using var source = Kernel.Native(from);
        using var target = Kernel.Native(to);
        return Kernel.Call(SystemCall.RenameAt2, FileDescriptor.WorkingDirectory, source, FileDescriptor.WorkingDirectory, target);
    }
}
