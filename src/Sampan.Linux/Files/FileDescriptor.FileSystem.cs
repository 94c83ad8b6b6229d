using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    /// <summary>f_type of file systems that show the kernel's own state (linux/magic.h).</summary>
    private static readonly long[] KernelFileSystems =
    [
        0x9fa0, // proc
        0x62656572, // sysfs
        0x27e0eb, // cgroup
        0x63677270, // cgroup2
        0x64626720, // debugfs
        0x74726163, // tracefs
        0x73636673, // securityfs
        0xcafe4a11, // bpf
        0x6165676c, // pstore
        0x19800202, // mqueue
        0x1cd1, // devpts
    ];

    /// <summary>f_type of the file system the open file is on (statfs(2), linux/magic.h).</summary>
    /// <returns>Such as 0xEF53 for ext4.</returns>
    /// <exception cref="LinuxException">fstatfs(2) failed.</exception>
    public long FileSystemType()
    {
        // struct statfs begins with f_type; 120 bytes on 64-bit Linux.
        var buffer = stackalloc long[16];
        Kernel.Check(Kernel.Call(SystemCall.Fstatfs, handle, (nint)buffer), "ask for the file system of", Describe());
        return buffer[0];
    }

    /// <summary>Whether what is open is no stored file but a view of the kernel's state: proc, sysfs, control groups and their like.</summary>
    /// <returns>True when it is.</returns>
    /// <exception cref="LinuxException">fstatfs(2) failed.</exception>
    public bool IsOfKernel() => Array.IndexOf(KernelFileSystems, FileSystemType()) >= 0;
}
