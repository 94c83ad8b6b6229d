using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    /// <summary>Changes the owner of the open file. Clears set-id bits and capabilities, so it comes before mode and xattrs (chown(2)).</summary>
    /// <param name="userId">New user id.</param>
    /// <param name="groupId">New group id.</param>
    /// <exception cref="LinuxException">fchown(2) failed.</exception>
    public void SetOwner(uint userId, uint groupId) =>
        Kernel.Check(Kernel.Call(SystemCall.Fchown, handle, (nint)userId, (nint)groupId), "change owner", Describe());

    /// <summary>Changes the owner of a name of this directory, not following a link.</summary>
    /// <param name="name">The name.</param>
    /// <param name="userId">New user id.</param>
    /// <param name="groupId">New group id.</param>
    /// <exception cref="LinuxException">fchownat(2) failed.</exception>
    public void SetOwnerAt(FileName name, uint userId, uint groupId)
    {
        fixed (byte* path = name.Terminated)
        {
            Check(Kernel.Call(SystemCall.FchownAt, handle, (nint)path, (nint)userId, (nint)groupId, SymlinkNoFollow), "change owner", name);
        }
    }

    /// <summary>Changes permission, set-id and sticky bits of the open file.</summary>
    /// <param name="permissions">The twelve bits, regardless of the umask.</param>
    /// <exception cref="LinuxException">fchmod(2) failed.</exception>
    public void SetPermissions(int permissions) =>
        Kernel.Check(Kernel.Call(SystemCall.Fchmod, handle, permissions & 0xfff), "change mode", Describe());

    /// <summary>
    /// Changes permission bits of a name of this directory. fchmodat(2) follows links: only for a name the caller has just made in a
    /// directory nobody else can write.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="permissions">The twelve bits.</param>
    /// <exception cref="LinuxException">fchmodat(2) failed.</exception>
    public void SetPermissionsAt(FileName name, int permissions)
    {
        fixed (byte* path = name.Terminated)
        {
            Check(Kernel.Call(SystemCall.FchmodAt, handle, (nint)path, permissions & 0xfff), "change mode", name);
        }
    }

    /// <summary>Sets access and modification time of the open file.</summary>
    /// <param name="accessed">Access time.</param>
    /// <param name="modified">Modification time.</param>
    /// <exception cref="LinuxException">utimensat(2) failed.</exception>
    public void SetTimes(TimeSpec accessed, TimeSpec modified)
    {
        var times = stackalloc TimeSpec[2] { accessed, modified };
        Kernel.Check(Kernel.Call(SystemCall.UtimensAt, handle, 0, (nint)times, 0), "set times", Describe());
    }

    /// <summary>Sets access and modification time of a name of this directory, not following a link.</summary>
    /// <param name="name">The name.</param>
    /// <param name="accessed">Access time.</param>
    /// <param name="modified">Modification time.</param>
    /// <exception cref="LinuxException">utimensat(2) failed.</exception>
    public void SetTimesAt(FileName name, TimeSpec accessed, TimeSpec modified)
    {
        var times = stackalloc TimeSpec[2] { accessed, modified };
        fixed (byte* path = name.Terminated)
        {
            Check(Kernel.Call(SystemCall.UtimensAt, handle, (nint)path, (nint)times, SymlinkNoFollow), "set times", name);
        }
    }

    /// <summary>Changes the owner of exactly the file this descriptor, opened O_PATH or not, was opened on; a link itself.</summary>
    /// <param name="userId">New user id.</param>
    /// <param name="groupId">New group id.</param>
    /// <exception cref="LinuxException">fchownat(2) failed.</exception>
    public void SetPinnedOwner(uint userId, uint groupId)
    {
        fixed (byte* nothing = "\0"u8)
        {
            Kernel.Check(Kernel.Call(SystemCall.FchownAt, handle, (nint)nothing, (nint)userId, (nint)groupId, EmptyPath), "change owner", Describe());
        }
    }

    /// <summary>Changes the permission bits of exactly the file this descriptor was opened on O_PATH. Needs /proc.</summary>
    /// <param name="permissions">The twelve bits.</param>
    /// <exception cref="LinuxException">fchmodat(2) failed; EOPNOTSUPP on a link.</exception>
    public void SetPinnedPermissions(int permissions) => SetPermissionsAt($"/proc/self/fd/{handle}", permissions);

    /// <summary>Sets the times of exactly the file this descriptor was opened on O_PATH; a link's own (utimensat(2), AT_EMPTY_PATH, Linux 5.8).</summary>
    /// <param name="accessed">Access time.</param>
    /// <param name="modified">Modification time.</param>
    /// <exception cref="LinuxException">utimensat(2) failed.</exception>
    public void SetPinnedTimes(TimeSpec accessed, TimeSpec modified)
    {
        var times = stackalloc TimeSpec[2] { accessed, modified };
        fixed (byte* nothing = "\0"u8)
        {
            Kernel.Check(Kernel.Call(SystemCall.UtimensAt, handle, (nint)nothing, (nint)times, EmptyPath), "set times", Describe());
        }
    }
}
