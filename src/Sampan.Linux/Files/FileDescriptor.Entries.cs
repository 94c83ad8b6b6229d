using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    private const int RemoveDirectoryFlag = 0x200;
    private const int NoReplace = 1;

    /// <summary>Opens a name of this directory, errors as values; links are followed unless <see cref="OpenFlags.NoFollow"/> is given.</summary>
    /// <param name="name">A name, or a path the caller trusts.</param>
    /// <param name="flags">O_ flags; O_CLOEXEC is added.</param>
    /// <param name="mode">Permission bits of a file that is created.</param>
    /// <param name="errno">Why it failed.</param>
    /// <returns>The open descriptor, or null.</returns>
    public FileDescriptor? TryOpenAt(FileName name, OpenFlags flags, int mode, out Errno errno)
    {
        fixed (byte* path = name.Terminated)
        {
            var result = Kernel.Call(SystemCall.OpenAt, handle, (nint)path, (flags | OpenFlags.CloseOnExec).ToKernel(), mode);
            errno = result < 0 ? (Errno)(int)-result : Errno.None;
            return result < 0 ? null : new((int)result);
        }
    }

    /// <summary>Opens a directory of this directory for reading, where somebody may change it meanwhile. No link is followed.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null when it is not there, or is no directory (any more).</returns>
    /// <exception cref="LinuxException">openat(2) failed otherwise.</exception>
    public FileDescriptor? TryEnter(FileName name)
    {
        var directory = TryOpenAt(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var errno);
        return directory is null && errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            ? throw new LinuxException(errno, "open directory", name.ToString())
            : directory;
    }

    /// <summary>Opens a path with this directory as its root (<see cref="OpenBeneath"/>), errors as values.</summary>
    /// <param name="path">Path bytes; a leading slash means this directory.</param>
    /// <param name="flags">O_ flags; O_CLOEXEC is added.</param>
    /// <param name="resolve">How to resolve.</param>
    /// <param name="errno">Why it failed.</param>
    /// <returns>The open descriptor, or null.</returns>
    public FileDescriptor? TryOpenBeneath(FileName path, OpenFlags flags, ResolveFlags resolve, out Errno errno)
    {
        var how = new OpenHow((ulong)(uint)(flags | OpenFlags.CloseOnExec).ToKernel(), 0, (ulong)resolve);
        fixed (byte* pointer = path.Bytes.IsEmpty ? ".\0"u8 : path.Terminated)
        {
            for (var attempt = 0; ; attempt++)
            {
                var result = Kernel.Call(SystemCall.OpenAt2, handle, (nint)pointer, (nint)(&how), sizeof(OpenHow));
                if (result == -(int)Errno.EAGAIN && attempt < 128)
                {
                    continue;
                }

                errno = result < 0 ? (Errno)(int)-result : Errno.None;
                return result < 0 ? null : new((int)result);
            }
        }
    }

    /// <summary>Makes a directory here.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mode">Permission bits, less the umask.</param>
    /// <exception cref="LinuxException">mkdirat(2) failed.</exception>
    public void MakeDirectory(FileName name, int mode = 0x1ed) => Check(MakeDirectoryRaw(name, mode), "make directory", name);

    /// <summary>Makes a directory here unless the name is taken.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mode">Permission bits, less the umask.</param>
    /// <returns>False when something has that name already.</returns>
    /// <exception cref="LinuxException">mkdirat(2) failed otherwise.</exception>
    public bool TryMakeDirectory(FileName name, int mode = 0x1ed)
    {
        var result = MakeDirectoryRaw(name, mode);
        return result != -(int)Errno.EEXIST && Check(result, "make directory", name);
    }

    /// <summary>Makes a device, fifo or socket node here (mknodat(2)).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="permissions">Permission bits, less the umask.</param>
    /// <param name="major">Major number of a device.</param>
    /// <param name="minor">Minor number of a device.</param>
    /// <returns>False when something has that name already.</returns>
    /// <exception cref="LinuxException">mknodat(2) failed otherwise.</exception>
    public bool TryMakeNode(FileName name, FileType type, int permissions, uint major = 0, uint minor = 0)
    {
        // linux/kdev_t.h, new_encode_dev: twelve bits of major between the low eight and the high twelve of minor.
        var device = (nint)((minor & 0xffU) | (major << 8) | ((minor & ~0xffU) << 12));
        fixed (byte* path = name.Terminated)
        {
            var result = Kernel.Call(SystemCall.MknodAt, handle, (nint)path, (nint)type | (permissions & 0xfff), device);
            return result != -(int)Errno.EEXIST && Check(result, "make node", name);
        }
    }

    /// <summary>Makes a symbolic link here.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">What it says.</param>
    /// <returns>False when something has that name already.</returns>
    /// <exception cref="LinuxException">symlinkat(2) failed otherwise.</exception>
    public bool TryMakeSymbolicLink(FileName name, FileName target)
    {
        fixed (byte* path = name.Terminated)
        fixed (byte* text = target.Terminated)
        {
            var result = Kernel.Call(SystemCall.SymlinkAt, (nint)text, handle, (nint)path);
            return result != -(int)Errno.EEXIST && Check(result, "make symbolic link", name);
        }
    }

    /// <summary>Makes a hard link here. A symbolic link is linked itself, not what it points to.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="targetDirectory">Directory of the existing name.</param>
    /// <param name="target">The existing name.</param>
    /// <returns>False when something has that name already.</returns>
    /// <exception cref="LinuxException">linkat(2) failed otherwise.</exception>
    public bool TryMakeHardLink(FileName name, FileDescriptor targetDirectory, FileName target)
    {
        fixed (byte* path = name.Terminated)
        fixed (byte* existing = target.Terminated)
        {
            var result = Kernel.Call(SystemCall.LinkAt, targetDirectory.Number, (nint)existing, handle, (nint)path, 0);
            return result != -(int)Errno.EEXIST && Check(result, "make hard link", name);
        }
    }

    /// <summary>Removes a name that is not a directory.</summary>
    /// <param name="name">The name.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="LinuxException">unlinkat(2) failed otherwise.</exception>
    public bool Unlink(FileName name)
    {
        var result = UnlinkRaw(name, 0);
        return result != -(int)Errno.ENOENT && Check(result, "remove", name);
    }

    /// <summary>Removes an empty directory.</summary>
    /// <param name="name">The name.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="LinuxException">unlinkat(2) failed otherwise.</exception>
    public bool RemoveDirectory(FileName name)
    {
        var result = UnlinkRaw(name, RemoveDirectoryFlag);
        return result != -(int)Errno.ENOENT && Check(result, "remove directory", name);
    }

    /// <summary>Moves a name of this directory, replacing what it finds (rename(2)).</summary>
    /// <param name="name">The old name.</param>
    /// <param name="targetDirectory">Directory of the new name.</param>
    /// <param name="target">The new name.</param>
    /// <exception cref="LinuxException">renameat2(2) failed.</exception>
    public void Rename(FileName name, FileDescriptor targetDirectory, FileName target) =>
        Check(RenameRaw(name, targetDirectory, target, 0), "rename", name);

    /// <summary>Moves a name of this directory unless the new name is taken (RENAME_NOREPLACE).</summary>
    /// <returns>False when something has the new name already.</returns>
    /// <inheritdoc cref="Rename"/>
    public bool TryRename(FileName name, FileDescriptor targetDirectory, FileName target)
    {
        var result = RenameRaw(name, targetDirectory, target, NoReplace);
        return result != -(int)Errno.EEXIST && Check(result, "rename", name);
    }

    /// <summary>What a symbolic link of this directory says.</summary>
    /// <param name="name">The link's name; empty for this descriptor itself, opened O_PATH|O_NOFOLLOW.</param>
    /// <returns>Its target.</returns>
    /// <exception cref="LinuxException">readlinkat(2) failed.</exception>
    public FileName ReadLink(FileName name)
    {
        // A target is at most PATH_MAX bytes; one read of 4096 is whole.
        var buffer = stackalloc byte[4096];
        fixed (byte* path = name.Terminated)
        {
            var length = Kernel.Check(Kernel.Call(SystemCall.ReadlinkAt, handle, (nint)path, (nint)buffer, 4096), "read link", name.ToString());
            return FileName.FromBytes(new ReadOnlySpan<byte>(buffer, (int)length));
        }
    }

    private static bool Check(nint result, string operation, FileName name)
    {
        if (result < 0)
        {
            throw new LinuxException((Errno)(int)-result, operation, name.ToString());
        }

        return true;
    }

    private nint MakeDirectoryRaw(FileName name, int mode)
    {
        fixed (byte* path = name.Terminated)
        {
            return Kernel.Call(SystemCall.MkdirAt, handle, (nint)path, mode);
        }
    }

    private nint UnlinkRaw(FileName name, int flags)
    {
        fixed (byte* path = name.Terminated)
        {
            return Kernel.Call(SystemCall.UnlinkAt, handle, (nint)path, flags);
        }
    }

    private nint RenameRaw(FileName name, FileDescriptor targetDirectory, FileName target, int flags)
    {
        fixed (byte* path = name.Terminated)
        fixed (byte* other = target.Terminated)
        {
            return Kernel.Call(SystemCall.RenameAt2, handle, (nint)path, targetDirectory.Number, (nint)other, flags);
        }
    }
}
