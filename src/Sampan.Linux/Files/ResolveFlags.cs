namespace Sampan.Linux.Files;

/// <summary>How openat2(2) may resolve a path.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    /// <summary>As open(2) does.</summary>
    None = 0,

    /// <summary>RESOLVE_NO_XDEV: do not cross mount points.</summary>
    NoCrossDevice = 1,

    /// <summary>RESOLVE_NO_MAGICLINKS: do not follow /proc's magic links.</summary>
    NoMagicLinks = 2,

    /// <summary>RESOLVE_NO_SYMLINKS: do not follow any symbolic link.</summary>
    NoSymlinks = 4,

    /// <summary>RESOLVE_BENEATH: leaving the directory is an error.</summary>
    Beneath = 8,

    /// <summary>RESOLVE_IN_ROOT: the directory is "/"; ".." and absolute links stay inside.</summary>
    InRoot = 16,
}
