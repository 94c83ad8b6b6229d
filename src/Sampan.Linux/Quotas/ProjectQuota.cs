using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Quotas;

/// <summary>
/// Limits of what a tree of files takes on its file system: its directories carry a project's number, and what is made in them inherits it
/// (quotactl(2), PRJQUOTA; ioctl_xfs_fsgetxattr(2)).
/// </summary>
public static unsafe class ProjectQuota
{
    private const int GetAttributes = unchecked((int)0x801C_581F);
    private const int SetAttributes = 0x401C_5820;
    private const uint Inherit = 0x200;
    private const int GetQuota = 0x80_0007;
    private const int SetQuota = 0x80_0008;
    private const int GetState = 0x5808;
    private const int ProjectType = 2;
    private const int CommandShift = 8;
    private const int ProjectsEnforced = 1 << 5;
    private const byte StateVersion = 1;
    private const uint BlockLimits = 1;
    private const int BlockSize = 1024;

    /// <summary>Whether the file system of a directory keeps projects within their limits.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <returns>False where it cannot, or was not mounted to.</returns>
    public static bool IsEnforced(FileDescriptor directory)
    {
        // struct fs_quota_statv, 160 bytes: version, padding, flags of 16 bits (linux/dqblk_xfs.h).
        var state = stackalloc ulong[32];
        new Span<ulong>(state, 32).Clear();
        *(byte*)state = StateVersion;
        return Quota(directory, GetState, 0, (nint)state) >= 0 && (((ushort*)state)[1] & ProjectsEnforced) != 0;
    }

    /// <summary>The project of a directory that does not pass it on: of one that heads a limited tree.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <returns>Null when it has none, or passes on its parent's.</returns>
    public static uint? HeadOf(FileDescriptor directory)
    {
        var attributes = default(Attributes);
        return Kernel.Call(SystemCall.Ioctl, directory.Number, GetAttributes, (nint)(&attributes)) >= 0
            && attributes.Project != 0 && (attributes.Flags & Inherit) == 0 ? attributes.Project : null;
    }

    /// <summary>Makes a directory part of a project.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <param name="project">The project's number.</param>
    /// <param name="inherits">What is made in it is part of the project too.</param>
    /// <exception cref="LinuxException">ioctl(2) failed.</exception>
    public static void Join(FileDescriptor directory, uint project, bool inherits)
    {
        var attributes = default(Attributes);
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, directory.Number, GetAttributes, (nint)(&attributes)), "read project of", directory.ToString());
        attributes.Project = project;
        attributes.Flags = inherits ? attributes.Flags | Inherit : attributes.Flags & ~Inherit;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, directory.Number, SetAttributes, (nint)(&attributes)), "set project of", directory.ToString());
    }

    /// <summary>Whether nothing belongs to a project and nothing limits it.</summary>
    /// <param name="directory">A directory of the file system.</param>
    /// <param name="project">The project's number.</param>
    /// <returns>True when it is nobody's.</returns>
    /// <exception cref="LinuxException">quotactl_fd(2) failed.</exception>
    public static bool IsFree(FileDescriptor directory, uint project)
    {
        var quota = default(Block);
        var result = Quota(directory, GetQuota, project, (nint)(&quota));
        if (result == -(int)Errno.ENOENT)
        {
            return true;
        }

        Kernel.Check(result, "read quota of project", project.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (quota.HardLimit | quota.SoftLimit | quota.Space | quota.InodeHardLimit | quota.InodeSoftLimit | quota.Inodes) == 0;
    }

    /// <summary>Limits what a project takes.</summary>
    /// <param name="directory">A directory of the file system.</param>
    /// <param name="project">The project's number.</param>
    /// <param name="bytes">Most bytes; 0 is no limit.</param>
    /// <exception cref="LinuxException">quotactl_fd(2) failed.</exception>
    public static void Limit(FileDescriptor directory, uint project, long bytes)
    {
        var quota = new Block { HardLimit = ((ulong)bytes + BlockSize - 1) / BlockSize, Valid = BlockLimits };
        quota.SoftLimit = quota.HardLimit;
        Kernel.Check(
            Quota(directory, SetQuota, project, (nint)(&quota)), "set quota of project", project.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static nint Quota(FileDescriptor directory, int command, uint project, nint address) =>
        Kernel.Call(SystemCall.QuotactlFd, directory.Number, (command << CommandShift) | ProjectType, (nint)project, address);

    // struct fsxattr (linux/fs.h).
    private struct Attributes
    {
        public uint Flags;
        public uint ExtentSize;
        public uint Extents;
        public uint Project;
        public uint CowExtentSize;
        public ulong PaddingAndAlignment;
    }

    // struct if_dqblk (linux/quota.h).
    private struct Block
    {
        public ulong HardLimit;
        public ulong SoftLimit;
        public ulong Space;
        public ulong InodeHardLimit;
        public ulong InodeSoftLimit;
        public ulong Inodes;
        public ulong BlockTime;
        public ulong InodeTime;
        public uint Valid;
    }
}
