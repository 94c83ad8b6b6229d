using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>What statx(2) tells of a file.</summary>
public readonly record struct FileStatus
{
    /// <summary>The kind of file.</summary>
    public FileType Type { get; init; }

    /// <summary>Permission, set-id and sticky bits: the low twelve of the mode.</summary>
    public int Permissions { get; init; }

    /// <summary>Owner's user id.</summary>
    public uint UserId { get; init; }

    /// <summary>Owner's group id.</summary>
    public uint GroupId { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>512-byte blocks allocated.</summary>
    public long Blocks { get; init; }

    /// <summary>Hard links.</summary>
    public uint Links { get; init; }

    /// <summary>Inode number.</summary>
    public ulong Inode { get; init; }

    /// <summary>The file system's device number, major in the high 32 bits.</summary>
    public ulong Device { get; init; }

    /// <summary>Last modification.</summary>
    public TimeSpec Modified { get; init; }

    /// <summary>Last access.</summary>
    public TimeSpec Accessed { get; init; }

    /// <summary>Major number, of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number, of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Something is mounted here and this is its root (statx(2), STATX_ATTR_MOUNT_ROOT, Linux 5.8).</summary>
    public bool IsMountRoot { get; init; }

    /// <summary>It is a directory.</summary>
    public bool IsDirectory => Type == FileType.Directory;

    /// <summary>It is overlay's whiteout: a character device 0/0 (kernel, filesystems/overlayfs.rst, "whiteouts and opaque directories").</summary>
    public bool IsWhiteout => Type == FileType.CharacterDevice && DeviceMajor == 0 && DeviceMinor == 0;

    /// <summary>Both are the same inode of the same file system.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when they are.</returns>
    public bool IsSameFile(FileStatus other) => Inode == other.Inode && Device == other.Device;
}
