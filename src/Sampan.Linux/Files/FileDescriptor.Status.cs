using System.Buffers.Binary;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    private const int SymlinkNoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const int BasicStatus = 0x7ff;
    private const ulong MountRoot = 0x2000;

    /// <summary>Status of a host path, not following a link at its end.</summary>
    /// <param name="path">Host path.</param>
    /// <returns>The status, or null when it is not there.</returns>
    /// <exception cref="LinuxException">statx(2) failed.</exception>
    public static FileStatus? TryStatus(string path) => TryStatus(WorkingDirectory, path, SymlinkNoFollow);

    /// <summary>Status of the open file itself.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="LinuxException">statx(2) failed.</exception>
    public FileStatus Status() => TryStatus(Number, "", EmptyPath) ?? throw new LinuxException(Errno.ENOENT, "stat", Describe());

    /// <summary>The same, or null where this is no open descriptor.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="LinuxException">statx(2) failed otherwise.</exception>
    public FileStatus? TryStatus()
    {
        try
        {
            return Status();
        }
        catch (LinuxException error) when (error.Errno == Errno.EBADF)
        {
            return null;
        }
    }

    /// <summary>Status of an entry of this directory, not following a link.</summary>
    /// <param name="name">A name in this directory.</param>
    /// <returns>The status.</returns>
    /// <exception cref="LinuxException">statx(2) failed.</exception>
    public FileStatus StatusAt(FileName name) =>
        TryStatusAt(name) ?? throw new LinuxException(Errno.ENOENT, "stat", name.ToString());

    /// <summary>Status of an entry of this directory, not following a link, or null when it is not there.</summary>
    /// <inheritdoc cref="StatusAt"/>
    public FileStatus? TryStatusAt(FileName name) => TryStatus(Number, name, SymlinkNoFollow);

    private static FileStatus? TryStatus(int directory, FileName name, int flags)
    {
        var buffer = stackalloc byte[256];
        nint result;
        fixed (byte* path = name.Terminated)
        {
            result = Kernel.Call(SystemCall.Statx, directory, (nint)path, flags, BasicStatus, (nint)buffer);
        }

        if (result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR)
        {
            return null;
        }

        Kernel.Check(result, "stat", name.ToString());
        var statx = new ReadOnlySpan<byte>(buffer, 256);
        int mode = BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]);
        return new FileStatus
        {
            Type = (FileType)(mode & 0xf000),
            Permissions = mode & 0xfff,
            IsMountRoot = (BinaryPrimitives.ReadUInt64LittleEndian(statx[8..]) & MountRoot) != 0,
            Links = BinaryPrimitives.ReadUInt32LittleEndian(statx[16..]),
            UserId = BinaryPrimitives.ReadUInt32LittleEndian(statx[20..]),
            GroupId = BinaryPrimitives.ReadUInt32LittleEndian(statx[24..]),
            Inode = BinaryPrimitives.ReadUInt64LittleEndian(statx[32..]),
            Size = BinaryPrimitives.ReadInt64LittleEndian(statx[40..]),
            Blocks = BinaryPrimitives.ReadInt64LittleEndian(statx[48..]),
            Accessed = Time(statx[64..]),
            Modified = Time(statx[112..]),
            DeviceMajor = BinaryPrimitives.ReadUInt32LittleEndian(statx[128..]),
            DeviceMinor = BinaryPrimitives.ReadUInt32LittleEndian(statx[132..]),
            Device = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(statx[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(statx[140..]),
        };
    }

    private static TimeSpec Time(ReadOnlySpan<byte> timestamp) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(timestamp), BinaryPrimitives.ReadUInt32LittleEndian(timestamp[8..]));
}
